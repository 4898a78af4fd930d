from footlights.kernel.contexts import ContextConfig


class WebConfig(ContextConfig):
    name = "footlights.web"

    def ready(self) -> None:
        super().ready()
        from footlights.web.account import devices, proof  # noqa: F401, PLC0415  they listen to who signs in
        from footlights.web.checkout import mails as checkout_mails  # noqa: F401, PLC0415  it listens to payments
        from footlights.web.giving import mails as gift_mails  # noqa: F401, PLC0415  it listens to giving
        from footlights.web.live import mails as live_mails  # noqa: F401, PLC0415  it listens to live
        from footlights.web.memberships import mails  # noqa: F401, PLC0415  it listens to subscriptions
