"""Every route there is, and one of everything that a route may be about: somebody's own, a colleague's, a stranger's."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any, Literal

from allauth.mfa.models import Authenticator
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from procrastinate.contrib.django import app

from footlights.accounts.api import Role
from footlights.accounts.testing import make_person
from footlights.alerts.testing import make_alert, make_destination, make_silence
from footlights.audit.api import Act, record
from footlights.catalog.api import Channel, Title, invite_member, list_invitations
from footlights.catalog.testing import join_team, make_channel, make_collection, make_title
from footlights.engagement.api import open_room
from footlights.engagement.subjects import Kind
from footlights.engagement.testing import BEGAN, make_ban, make_replay, make_room, make_viewer, said, take, told
from footlights.giving.testing import make_gift, make_tip
from footlights.invoicing.testing import make_document
from footlights.kernel.clock import now
from footlights.kernel.ids import new_id
from footlights.ledger.testing import make_journal
from footlights.live.testing import make_broadcast, make_ticket
from footlights.media.testing import make_asset, make_upload
from footlights.monetization.api import Offer, Purchase, buy_title, find_ticket_offer
from footlights.monetization.testing import (
    make_collection_offer,
    make_coupon_of,
    make_house_coupon_of,
    make_offer,
    make_press_codes,
)
from footlights.payments.api import list_methods
from footlights.payments.testing import make_dispute, pay
from footlights.payouts.testing import make_hold, make_waiting_payout
from footlights.prices.api import Market
from footlights.prices.testing import sell_in
from footlights.splits.api import SubjectKind
from footlights.splits.testing import propose
from footlights.subscriptions.api import find_living
from footlights.subscriptions.testing import begin, make_plan
from footlights.taxes.testing import make_registration
from footlights.terms.testing import make_ahead
from footlights.web.rooms.subjects import subject_of_channel

Whose = Literal["own", "colleague", "stranger"]
PARAMETERS: dict[str, set[str]] = {}  # of each route, those of its folder too


def routes(
    resolver: URLResolver | None = None, namespace: str = "", outer: frozenset[str] = frozenset()
) -> Iterator[tuple[str, URLPattern]]:
    for entry in (resolver or get_resolver()).url_patterns:
        names = outer | entry.pattern.regex.groupindex.keys()
        if isinstance(entry, URLResolver):
            inner = ":".join(part for part in (namespace, entry.namespace) if part)
            yield from routes(entry, inner, names)
        else:
            name = ":".join(part for part in (namespace, entry.name or "") if part)
            PARAMETERS[name] = set(names)
            yield name, entry


ROUTES = list(routes())


def sell(offer: Offer) -> Purchase:
    purchase = buy_title(viewer_id=make_person().pk, offer_id=offer.id, idempotency_key=str(offer.id), at=now())
    pay("paid", purchase.hosted_url)
    return purchase


class Belongings:
    """One of everything that is `person`'s, or lies in `channel`; each made when a route needs it."""

    def __init__(self, person: Any, channel: Channel, shop: Channel) -> None:
        self.person, self.channel, self.shop = person, channel, shop

    title = cached_property(lambda self: make_title(self.channel))
    collection = cached_property(lambda self: make_collection(self.channel, self.title))
    all_of_it = cached_property(lambda self: make_collection_offer(self.collection))
    offer = cached_property(lambda self: make_offer(self.title))
    upload = cached_property(lambda self: make_upload(self.person.pk))
    bought = cached_property(lambda self: make_offer(make_title(self.shop)))
    purchase = cached_property(
        lambda self: buy_title(
            viewer_id=self.person.pk, offer_id=self.bought.id, idempotency_key=str(self.bought.id), at=now()
        )
    )
    coupon = cached_property(lambda self: make_coupon_of(self.channel, code=self.person.pk.hex[-12:].upper()))
    house_coupon = cached_property(
        lambda self: make_house_coupon_of(self.person, code=self.person.pk.hex[-12:].upper())
    )
    press = cached_property(lambda self: make_press_codes(self.channel)[0])
    given = cached_property(lambda self: make_tip(self.shop, self.person))
    received = cached_property(lambda self: make_tip(self.channel, make_person()))
    present = cached_property(lambda self: make_gift(self.bought, self.person))
    sold_gift = cached_property(lambda self: make_gift(self.offer, make_person()))
    offered = cached_property(lambda self: propose(make_title(self.shop), (self.person, 1_000)))
    proposed = cached_property(lambda self: propose(self.title, (make_person(), 1_000)))
    proposed_all = cached_property(
        lambda self: propose(self.collection, (make_person(), 1_000), kind=SubjectKind.COLLECTION)
    )
    sold = cached_property(lambda self: sell(self.offer))
    document = cached_property(lambda self: make_document(self.person.pk, channel_id=self.channel.id))
    plan = cached_property(lambda self: make_plan(self.channel, year=9_000))
    joined = cached_property(lambda self: make_plan(self.shop, tier=2))
    subscription = cached_property(
        lambda self: find_living(self.person.pk, self.shop.id) or begin(self.person, self.joined)
    )
    begun = cached_property(lambda self: begin(make_person(), self.plan))
    passkey = cached_property(
        lambda self: Authenticator.objects.create(
            user=self.person, type=Authenticator.Type.WEBAUTHN, data={"name": "Laptop", "credential": {}}
        )
    )
    asset = cached_property(lambda self: make_asset(self.person.pk))
    film = cached_property(lambda self: make_title(self.channel, asset_id=self.asset.id))
    mate = cached_property(lambda self: self._join(make_person()))
    invitation_id = cached_property(lambda self: self._invite())
    broadcast = cached_property(lambda self: make_broadcast(self.channel))
    event = cached_property(lambda self: make_broadcast(self.channel, ticket=make_ticket()))
    captions_id = cached_property(lambda _: new_id())
    prepared_id = cached_property(lambda _: new_id())
    job_id = cached_property(lambda _: app.configure_task("media.probe", allow_unknown=True).defer())

    room = cached_property(
        lambda self: open_room(
            subject=subject_of_channel(self.channel.id), channel_id=self.channel.id, by_id=None, at=now()
        )
    )
    ban = cached_property(lambda self: make_ban(self.channel, make_person()))
    recording = cached_property(lambda self: self._record())

    parameters = {
        "room_id": lambda self: self.room.id,
        "ban_id": lambda self: self.ban,
        "prepared_id": lambda self: self.prepared_id,
        "handle": lambda self: self.title.channel_handle,
        "slug": lambda self: self.title.slug,
        "title_id": lambda self: self.title.id,
        "subject_id": lambda self: self.collection.id,
        "collection_id": lambda self: self.collection.id,
        "broadcast_id": lambda self: self.broadcast.id,
        "proof": lambda _: "no-such-reminder",
        "question": lambda _: "publish",
        "captions_id": lambda self: self.captions_id,
        "offer_id": lambda self: self.offer.id,
        "upload_id": lambda self: self.upload.id,
        "coupon_id": lambda self: self.coupon.id,
        "house_coupon_id": lambda self: self.house_coupon.id,
        "press_id": lambda self: self.press.press.id,
        "code_id": lambda self: self.press.id,
        "press_code": lambda _: "no-such-code",
        "purchase_id": lambda self: self.purchase.id,
        "gift_id": lambda self: self.present.id,
        "gift_code": lambda _: "no-such-gift",
        "tip_id": lambda self: self.given.id,
        "document_id": lambda self: self.document.id,
        "registration_id": lambda _: make_registration().id,
        "terms_id": lambda self: self.plan.terms[0].id,
        "subscription_id": lambda self: self.subscription.id,
        "method_id": lambda self: self.subscription and list_methods(self.person.pk)[0].id,
        "payment_id": lambda self: self.purchase.payment_id,
        "dispute_id": lambda self: make_dispute(self.purchase.payment_id).id,
        "person_id": lambda self: self.person.pk,
        "job_id": lambda self: self.job_id,
        "record_id": lambda self: record(act=Act.TITLE_CHANGED, object_kind="title", object_id=self.title.id),
        "alert_id": lambda self: make_alert(facts={"account": str(self.person.pk)}).id,
        "silence_id": lambda _: make_silence().id,
        "destination_id": lambda _: make_destination().id,
        "payout_id": lambda self: make_waiting_payout(self.channel.id).pk,
        "term_id": lambda _: make_ahead(),
        "part": lambda _: "refunds",
        "agreement_id": lambda self: self.offered.id,
        "journal_id": lambda _: make_journal(),
        "account": lambda _: "platform:fees",
        "currency": lambda _: "EUR",
        "code": lambda self: sell_in(self.channel, Market("USD")) or "USD",
        "hold_id": lambda self: make_hold(self.channel.id).pk,
        "gateway": lambda _: "sandbox",
        "session": lambda _: "cs_nobody_knows",
        "key": lambda _: "no-such-key",
        "pk": lambda self: self.passkey.pk,
        "provider_id": lambda _: "school",
        "kept": lambda _: "no-such-form",
        "uidb36": lambda _: "0",
        "kind": lambda self: self.title and "titles",
        "page": lambda _: 1,
        "number": lambda _: 0,
        "tier": lambda self: self.plan.tier,
        "who": lambda _: "expired",
        "token": lambda _: "no-such-invitation",
        "invitation_id": lambda self: self.invitation_id,
    }
    elsewhere = {
        ("replay:whole", "title_id"): lambda self: self.recording.id,
        ("replay:piece", "title_id"): lambda self: self.recording.id,
        ("replay:mood", "title_id"): lambda self: self.recording.id,
        ("replay:taken_out", "title_id"): lambda self: self.recording.id,
        ("replay:votes", "title_id"): lambda self: self.recording.id,
        ("studio:title_conversation", "title_id"): lambda self: self.recording.id,
        ("live:watch", "token"): lambda self: self.broadcast.token,
        ("live:calendar", "token"): lambda self: self.broadcast.token,
        ("live:reminder", "token"): lambda self: self.broadcast.token,
        ("live:licence", "token"): lambda self: self.broadcast.token,
        ("giving:give_ticket", "token"): lambda self: self.event.token,
        ("giving:give_ticket", "offer_id"): lambda self: find_ticket_offer(self.event.id).id,
        ("checkout:ticket", "token"): lambda self: self.event.token,
        ("checkout:ticket", "offer_id"): lambda self: find_ticket_offer(self.event.id).id,
        ("studio:broadcast_tickets_back", "broadcast_id"): lambda self: self.event.id,
        ("studio:team_role", "person_id"): lambda self: self.mate.pk,
        ("studio:team_removed", "person_id"): lambda self: self.mate.pk,
        ("studio:membership", "subscription_id"): lambda self: self.begun.id,
        ("studio:membership_ended", "subscription_id"): lambda self: self.begun.id,
        ("studio:sale", "purchase_id"): lambda self: self.sold.id,
        ("studio:sale_refund", "purchase_id"): lambda self: self.sold.id,
        ("storefront:collection", "slug"): lambda self: self.collection.slug,
        ("studio:gift", "gift_id"): lambda self: self.sold_gift.id,
        ("studio:gift_refund", "gift_id"): lambda self: self.sold_gift.id,
        ("studio:tip", "tip_id"): lambda self: self.received.id,
        ("studio:tip_refund", "tip_id"): lambda self: self.received.id,
        ("giving:give_collection", "slug"): lambda self: self.collection.slug,
        ("giving:give_collection", "offer_id"): lambda self: self.all_of_it.id,
        ("checkout:collection_offer", "slug"): lambda self: self.collection.slug,
        ("checkout:collection_offer", "offer_id"): lambda self: self.all_of_it.id,
        ("studio:split", "kind"): lambda _: "collection",
        ("studio:split_proposed", "kind"): lambda _: "collection",
        ("studio:split_withdrawn", "kind"): lambda _: "collection",
        ("studio:split_withdrawn", "agreement_id"): lambda self: self.proposed_all.id,
        ("storefront:category", "slug"): lambda _: "drama",
        ("studio:title_split_withdrawn", "agreement_id"): lambda self: self.proposed.id,
        ("backoffice:books_accounts", "kind"): lambda _: "platform",
        ("backoffice:title_retry", "title_id"): lambda self: self.film.id,
    }
    # What a form without an object in its address names in its body.
    sent = {
        "studio:channel_switch": lambda self: {"channel": self.channel.id},
        "studio:titles_bulk": lambda self: {"ids": [self.title.id], "act": "delete"},
        "studio:titles_restored": lambda self: {"ids": [self.title.id]},
        "backoffice:title_retry": lambda self: {"asset": self.asset.id},
    }

    # For forms that nothing is done without.
    typed = {
        "replay:taken_out": lambda self: {"message": self.recording and self.said_id},
        "studio:upload_titles": lambda self: {"upload_id": self.upload.id},
        "memberships:plan": lambda self: {"to": self.subscription.terms.id, "due": "0 EUR"},
        "studio:team_invitations": lambda _: {"email": "new@example.org", "role": "editor"},
        "studio:team_role": lambda _: {"role": "finance"},
        "studio:payouts_asked": lambda _: {"currency": "EUR"},
        "studio:collection_title_moved": lambda _: {"way": "up"},
        "studio:split_proposed": lambda _: {"email": ["new@example.org"], "percent": ["10"]},
        "studio:title_split_proposed": lambda _: {"email": ["new@example.org"], "percent": ["10"]},
        "backoffice:terms_change": lambda _: {"within_days": 14, "watched_percent": 10},
        "backoffice:role_given": lambda _: {"role": "support"},
        "backoffice:role_taken": lambda _: {"role": "support"},
    }

    def _record(self) -> Title:
        title, room = make_title(self.channel), make_room(self.channel)
        make_offer(title, "free")
        [change] = told(take(said(room, make_viewer(room, make_person()), Kind.SAY, text="Good evening"), at=BEGAN))
        self.said_id = change["said"][0]["id"]
        make_replay(room, title.id)
        return title

    def _join(self, mate: Any) -> Any:
        join_team(self.channel, mate, Role.ANALYST)
        return mate

    def _invite(self) -> Any:
        channel_id, owner_id, at = self.channel.id, self.channel.owner_id, now()
        invite_member(channel_id=channel_id, by_id=owner_id, address="mate@example.org", role=Role.EDITOR, at=at)
        return list_invitations(channel_id, at)[0].id

    def path(self, name: str) -> str:
        names = PARAMETERS[name]
        unknown = names - self.parameters.keys()
        assert not unknown, f"Say in Belongings.parameters what {unknown} of {name} may be."
        fill = {each: self.elsewhere.get((name, each), self.parameters[each]) for each in names}
        return reverse(name, kwargs={each: make(self) for each, make in fill.items()})

    def body(self, name: str) -> dict[str, Any]:
        return (self.sent.get(name) or self.typed.get(name, lambda _: {}))(self)


class Others:
    """Around whoever comes: a colleague and a stranger, each with a channel and belongings, and where they buy."""

    def __init__(self) -> None:
        self.colleague, self.stranger, shopkeeper = self.all = [
            make_person(display_name=f"Quentin {who}quill") for who in ("Mate", "Strange", "Shop")
        ]
        self.shop = make_channel(shopkeeper)
        self.channel = make_channel(self.colleague)
        self.belongings: dict[Whose, Belongings] = {
            "colleague": Belongings(self.colleague, self.channel, self.shop),
            "stranger": Belongings(self.stranger, make_channel(self.stranger), self.shop),
        }
