"""The names under which payouts stand in the books."""

import uuid

PREFIX = "payout:"


def asked_cause(payout_id: uuid.UUID) -> str:
    return f"{PREFIX}{payout_id}:asked"


def paid_cause(payout_id: uuid.UUID) -> str:
    return f"{PREFIX}{payout_id}:paid"


def converted_cause(account: str, key: str) -> str:
    """As payouts are, it is apart from what was earned and taken: what was settled in one currency is in the other."""
    return f"{PREFIX}{account}:converted:{key}"


def undone(cause: str) -> str:
    """The opposite of what stands under `cause`."""
    return f"{cause}:undone"


def cost_cause(payout_id: uuid.UUID) -> str:
    """Payments books it, under the reference of what it sends."""
    return f"{PREFIX}{payout_id}:cost"


def causes_of(payout_id: uuid.UUID) -> tuple[str, ...]:
    """Every name under which this payout may stand in the books, in the order of a payout's life."""
    asked, paid = asked_cause(payout_id), paid_cause(payout_id)
    return asked, cost_cause(payout_id), paid, undone(paid), undone(asked)


def sale_causes(reference: str) -> tuple[str, str]:
    """Under which a sale, or a gift that was opened, stands: whoever sells what the reference names books it so."""
    return f"{reference}:paid", f"{reference}:redeemed"
