from footlights.kernel.contexts import ContextConfig


class AccountsConfig(ContextConfig):
    name = "footlights.accounts"
