"""Which terms hold at a moment, and what was decided before and ahead. Bounded reads."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet

from footlights.kernel.money import Money
from footlights.terms import policies
from footlights.terms.models import TermRow
from footlights.terms.records import (
    DisputeAccess,
    NewTerm,
    PassSharing,
    PayoutSchedule,
    PayoutTerms,
    PriceLimits,
    RefundTerms,
    SaleKind,
    SetTerm,
    Term,
)

PAGE_SIZE = 50
MAX_TERMS = 2_000
_SCOPE = ("term", "kind", "channel_id", "currency")
Scope = tuple[str, str, uuid.UUID | None, str]
_PRICE = (Term.PRICE_FLOOR_MINOR, Term.PRICE_CEILING_MINOR)
_PAYOUT = (Term.PAYOUT_SCHEDULE, Term.PAYOUT_HOLD_DAYS, Term.PAYOUT_MINIMUM_MINOR, Term.PAYOUT_APPROVAL_MINOR)
_RESERVE = (Term.RESERVE_BPS, Term.RESERVE_DAYS)
_REFUND = (Term.REFUND_WITHIN_DAYS, Term.REFUND_WATCHED_PERCENT)


def fee_bps(kind: SaleKind, channel_id: uuid.UUID | None, at: datetime) -> int:
    """What the platform keeps of a sale's net, in ten-thousandths: the channel's own fee, or else everybody's."""
    whose = Q(channel_id=None) | Q(channel_id=channel_id)
    found = {row.channel_id: row.value for row in _in_force(at).filter(whose, term=Term.FEE_BPS, kind=kind)}
    for each in (channel_id, None):
        if (value := found.get(each)) is not None:
            return value
    return int(settings.PLATFORM_FEE_BPS)


def price_limits(kind: SaleKind, currency: str, at: datetime) -> PriceLimits:
    """What a price of this kind may be in this currency."""
    found = _values(at, _PRICE, kind=kind, currency=currency)
    return PriceLimits(
        floor=_money(found.get(Term.PRICE_FLOOR_MINOR), currency),
        ceiling=_money(found.get(Term.PRICE_CEILING_MINOR), currency),
    )


def check_price(kind: SaleKind, price: Money, at: datetime) -> None:
    """Raises InvalidInputError, with a sentence for the creator, for a price the platform does not allow."""
    policies.check_price(price, price_limits(kind, price.currency, at))


def payout_terms(currency: str, at: datetime, *, channel_id: uuid.UUID | None = None) -> PayoutTerms:
    """When and how much is paid out in this currency; the reserve is the channel's own where one was decided."""
    return payout_terms_in([currency], at, channel_id=channel_id)[currency]


def payout_terms_in(
    currencies: Iterable[str], at: datetime, *, channel_id: uuid.UUID | None = None
) -> dict[str, PayoutTerms]:
    """The same for each of the currencies. One query."""
    wanted = set(currencies)
    everybodys = Q(term__in=_PAYOUT, channel_id=None, currency__in=["", *wanted])
    reserves = Q(Q(channel_id=None) | Q(channel_id=channel_id), term__in=_RESERVE)
    rows = list(_in_force(at).filter(everybodys | reserves, kind=""))
    return {currency: _payout_terms(rows, currency) for currency in wanted}


def _payout_terms(rows: Iterable[TermRow], currency: str) -> PayoutTerms:
    held = [row for row in rows if row.currency in {"", currency}]
    own_last = sorted(held, key=lambda row: row.channel_id is not None)
    found = {row.term: row.value for row in own_last if row.value is not None}
    return PayoutTerms(
        schedule=PayoutSchedule(found.get(Term.PAYOUT_SCHEDULE, policies.DEFAULT_SCHEDULE)),
        hold_days=found.get(Term.PAYOUT_HOLD_DAYS, policies.DEFAULT_HOLD_DAYS),
        minimum=Money(found.get(Term.PAYOUT_MINIMUM_MINOR, 0), currency),
        approval_from=_money(found.get(Term.PAYOUT_APPROVAL_MINOR), currency),
        reserve_bps=found.get(Term.RESERVE_BPS, 0),
        reserve_days=found.get(Term.RESERVE_DAYS, 0),
    )


def refund_terms(at: datetime) -> RefundTerms:
    """When buyers refund by themselves."""
    found = _values(at, _REFUND, kind="", currency="")
    return RefundTerms(
        within_days=found.get(Term.REFUND_WITHIN_DAYS, policies.DEFAULT_REFUND_DAYS),
        watched_percent=found.get(Term.REFUND_WATCHED_PERCENT, policies.DEFAULT_WATCHED_PERCENT),
    )


def dispute_access(at: datetime) -> DisputeAccess:
    """What becomes of what was paid for while its payment is disputed."""
    found = _values(at, [Term.DISPUTE_ACCESS], kind="", currency="")
    return DisputeAccess(found.get(Term.DISPUTE_ACCESS, policies.DEFAULT_DISPUTE_ACCESS))


def pass_sharing(at: datetime) -> PassSharing:
    """How the pass is shared among channels."""
    found = _values(at, [Term.PASS_SHARING], kind="", currency="")
    return PassSharing(found.get(Term.PASS_SHARING, PassSharing.BY_SUBSCRIBER))


def refund_proof_above(currency: str, at: datetime) -> Money:
    """Up to this amount a sale is given back without proving anew who one is."""
    found = _values(at, [Term.REFUND_PROOF_MINOR], kind="", currency=currency)
    return Money(found.get(Term.REFUND_PROOF_MINOR, policies.DEFAULT_PROOF_MINOR), currency)


def seller_hold_days(at: datetime) -> int:
    """How long after the first request for their tax details a payee's money goes on to be sent; 0: for ever."""
    found = _values(at, [Term.SELLER_HOLD_DAYS], kind="", currency="")
    return found.get(Term.SELLER_HOLD_DAYS, policies.DEFAULT_SELLER_HOLD_DAYS)


def list_in_force(at: datetime) -> list[SetTerm]:
    """All that was decided and holds, at most 2,000; what was taken back is left out."""
    return [row.to_record() for row in _in_force(at)[:MAX_TERMS] if row.value is not None]


def list_ahead(at: datetime) -> list[SetTerm]:
    """What will change later, the first first; what was withdrawn, and so changes nothing, is left out."""
    held: dict[Scope, int | None] = {_scope(row): row.value for row in _in_force(at)[:MAX_TERMS]}
    rows = TermRow.objects.filter(from_at__gt=at).order_by(*_SCOPE, "from_at", "-pk").distinct(*_SCOPE, "from_at")
    changing = []
    for row in rows[:MAX_TERMS]:
        if held.get(_scope(row)) != row.value:
            changing.append(row.to_record())
        held[_scope(row)] = row.value
    return sorted(changing, key=lambda each: (each.from_at, each.id))


def list_decisions(page: int = 1) -> list[SetTerm]:
    """All decisions, the newest first, 50 a page and one more where there is a next page; pages from 1."""
    start = (page - 1) * PAGE_SIZE
    return [row.to_record() for row in TermRow.objects.order_by("-pk")[start : start + PAGE_SIZE + 1]]


def value_at(new: NewTerm, at: datetime, *, just_before: bool = False) -> int | None:
    """What holds of exactly this term, kind, channel and currency; None where nobody decided."""
    rows = TermRow.objects.filter(**scope_of(new), **{"from_at__lt" if just_before else "from_at__lte": at})
    return rows.order_by("-from_at", "-pk").values_list("value", flat=True).first()


def scope_of(new: NewTerm) -> dict[str, Any]:
    return {"term": new.term, "kind": new.kind or "", "channel_id": new.channel_id, "currency": new.currency}


def _scope(row: TermRow) -> Scope:
    return row.term, row.kind, row.channel_id, row.currency


def _values(at: datetime, terms: Iterable[Term], **scope: Any) -> dict[str, int]:
    rows = _in_force(at).filter(term__in=list(terms), channel_id=None, **scope)
    return {row.term: row.value for row in rows if row.value is not None}


def _in_force(at: datetime) -> QuerySet[TermRow]:
    return TermRow.objects.filter(from_at__lte=at).order_by(*_SCOPE, "-from_at", "-pk").distinct(*_SCOPE)


def _money(amount_minor: int | None, currency: str) -> Money | None:
    return None if amount_minor is None else Money(amount_minor, currency)
