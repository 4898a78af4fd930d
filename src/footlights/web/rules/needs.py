"""What a rule may say: who gets an answer, and what asks them for a proof first."""

from dataclasses import dataclass, field
from enum import Enum

from footlights.accounts.api import Permission


class Rule(Enum):
    """Who gets an answer where no role decides. To everybody else the address does not exist."""

    OWNER = "whose own it is: a purchase, an upload, a passkey"
    PROOF = "who carries the proof in the request itself: a signed webhook, a watch token"


@dataclass(frozen=True, slots=True)
class Both:
    """One permission to see the page, another to send its form."""

    read: Permission
    send: Permission


Need = Permission | Rule | Both

OWNER, PROOF = Rule
ANYBODY, SIGNED_IN = Permission.VISIT, Permission.HAVE_ACCOUNT
TO_SEE, TO_SEND = "see", "send"


@dataclass(frozen=True, slots=True)
class Surface:
    """The rules of one surface's addresses.

    `proven`: what is grave asks a person to prove again that it is they when their last proof is older than ten
    minutes, to see the page or to send its form. A view that finds out only halfway calls `require_proof` (a price of
    what is on sale).

    `background`: requests that browsers and players send without their person. They keep no session alive; nor does a
    script that only reads (a poll, a search while typing), a page that is fetched ahead, or an answer that failed.
    """

    needs: dict[str, Need]
    proven: dict[str, str] = field(default_factory=dict)
    background: frozenset[str] = frozenset()
