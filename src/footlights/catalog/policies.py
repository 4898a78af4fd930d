"""The catalog's rules, pure: who sees a title, which state follows which, what names and addresses may be."""

import re
import secrets
import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal, Protocol
from uuid import UUID

from django.utils.text import slugify
from django.utils.translation import gettext as _

from footlights.catalog.records import Chapter, State
from footlights.catalog.taxonomy import CATEGORIES, MATURITIES, is_language
from footlights.kernel.errors import FootlightsError, InvalidInputError

MAX_CHANNELS_PER_PERSON = 20
MAX_TEAM = 50
INVITATION_LASTS = timedelta(days=7)
MAX_NAME_CHARS = 150
MAX_DESCRIPTION_CHARS = 5_000
MAX_CREDIT_CHARS = 300
MAX_CHAPTERS = 200
MAX_CHAPTER_CHARS = 100
MAX_TAGS = 15
MAX_TAG_CHARS = 30
MAX_SLUG_CHARS = 80
MAX_BULK_TITLES = 200
MAX_COLLECTIONS_PER_CHANNEL = 200
MAX_TITLES_IN_COLLECTION = 200
MAX_SEASON_NUMBER = 999
UNDO_DAYS = 30
FURTHEST_SCHEDULE = timedelta(days=2 * 365)

Move = Literal["publish", "schedule", "unlist", "unpublish", "delete"]

# Which states each move may start from, and where it ends. Out of deleted only restoring leads: back to where it was.
MOVES: dict[Move, tuple[frozenset[State], State]] = {
    "publish": (frozenset({"draft", "scheduled", "unlisted", "published"}), "published"),
    "schedule": (frozenset({"draft", "scheduled", "unlisted"}), "scheduled"),
    "unlist": (frozenset({"draft", "scheduled", "published", "unlisted"}), "unlisted"),
    "unpublish": (frozenset({"draft", "scheduled", "published", "unlisted"}), "draft"),
    "delete": (frozenset({"draft", "scheduled", "published", "unlisted"}), "deleted"),
}

RESERVED_HANDLES = frozenset(
    [
        "about",
        "abuse",
        "account",
        "accounts",
        "admin",
        "administrator",
        "api",
        "app",
        "backoffice",
        "billing",
        "blog",
        "browse",
        "channel",
        "channels",
        "checkout",
        "contact",
        "copyright",
        "dashboard",
        "dmca",
        "download",
        "downloads",
        "embed",
        "everyone",
        "feed",
        "feeds",
        "footlights",
        "ftp",
        "healthz",
        "help",
        "home",
        "imprint",
        "info",
        "legal",
        "library",
        "live",
        "login",
        "logout",
        "mail",
        "me",
        "media",
        "mod",
        "moderator",
        "new",
        "news",
        "null",
        "oembed",
        "official",
        "owner",
        "payments",
        "payout",
        "payouts",
        "playback",
        "police",
        "press",
        "privacy",
        "profile",
        "readyz",
        "root",
        "sandbox-gateway",
        "search",
        "security",
        "settings",
        "signin",
        "signup",
        "staff",
        "static",
        "status",
        "studio",
        "styleguide",
        "support",
        "system",
        "team",
        "terms",
        "trust",
        "undefined",
        "uploads",
        "user",
        "users",
        "verified",
        "watch",
        "webhooks",
        "welcome",
        "www",
        "you",
    ]
)
_HANDLE = re.compile(r"[a-z0-9](?:[a-z0-9-]{1,28}[a-z0-9])")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class WrongStateError(FootlightsError):
    """A move that its state does not allow, like publishing what is deleted."""

    code = "wrong_state"


class HasVisibility(Protocol):
    """Title and TitleAccess both tell this."""

    @property
    def owner_id(self) -> UUID: ...
    @property
    def state(self) -> State: ...
    @property
    def publish_at(self) -> datetime | None: ...
    @property
    def playable(self) -> bool: ...


def is_visible(title: HasVisibility, viewer_id: UUID | None, at: datetime) -> bool:
    """May `viewer_id` open the title's page? Whoever manages it may always; nobody once it is deleted."""
    if title.state == "deleted":
        return False
    if viewer_id is not None and viewer_id == title.owner_id:
        return True
    return title.playable and (title.state == "unlisted" or is_public(title, at))


def is_public(title: HasVisibility, at: datetime) -> bool:
    """Can everybody find it? By its state and the clock alone: a scheduled title needs no job to have run."""
    return is_out(title.state, title.publish_at, at)


def is_out(state: str, publish_at: datetime | None, at: datetime) -> bool:
    return state == "published" or (state == "scheduled" and publish_at is not None and publish_at <= at)


def check_changeable(state: str) -> None:
    """Raises WrongStateError for what is deleted."""
    if state == "deleted":
        raise WrongStateError(_("A deleted title cannot be changed. Bring it back first."))


def moved(state: State, move: Move) -> State:
    """Where `move` leads from `state`. Raises WrongStateError."""
    allowed, target = MOVES[move]
    if state not in allowed:
        check_changeable(state)
        raise WrongStateError(_("It is already out. Take it back to draft first to give it a new date."))
    return target


def check_publish_at(publish_at: datetime, at: datetime) -> datetime:
    """A schedule's moment: ahead, and not absurdly far. Raises InvalidInputError."""
    if publish_at <= at:
        raise InvalidInputError(_("That moment has passed. Choose a later one, or publish now."), field="publish_at")
    if publish_at > at + FURTHEST_SCHEDULE:
        raise InvalidInputError(_("Choose a date within the next two years."), field="publish_at")
    return publish_at


def may_restore(deleted_at: datetime, at: datetime) -> bool:
    return at < deleted_at + timedelta(days=UNDO_DAYS)


def clean_handle(handle: str) -> str:
    """A handle as it is stored: lower case, a to z, digits and hyphens, 3 to 30. Raises InvalidInputError."""
    handle = handle.strip().removeprefix("@").lower()
    if not _HANDLE.fullmatch(handle) or "--" in handle:
        raise InvalidInputError(
            _("Use 3 to 30 letters a to z, digits and single hyphens, starting and ending with a letter or digit."),
            field="handle",
        )
    if handle in RESERVED_HANDLES:
        raise InvalidInputError(_("That address is kept for the service itself. Choose another."), field="handle")
    return handle


def handle_from(name: str) -> str:
    """A handle that suits a channel's name, not yet known to be free."""
    handle = re.sub(r"-{2,}", "-", slugify(fold(name)).replace("_", "-"))[:30].strip("-")
    if len(handle) < 3:  # noqa: PLR2004  the shortest a handle may be
        handle = f"{handle}-channel".strip("-")
    return f"{handle[:25].strip('-')}-tv" if handle in RESERVED_HANDLES else handle


def slug_from(name: str) -> str:
    """An address part that suits a title's name; a random one where its script has no plain letters."""
    slug = re.sub(r"-{2,}", "-", slugify(fold(name)).replace("_", "-"))[:MAX_SLUG_CHARS].strip("-")
    return slug or f"title-{secrets.token_hex(4)}"


def clean_slug(slug: str) -> str:
    slug = slug.strip().lower()
    if len(slug) > MAX_SLUG_CHARS or not _SLUG.fullmatch(slug):
        raise InvalidInputError(_("Use letters a to z, digits and single hyphens."), field="slug")
    return slug


def clean_name(name: str, *, limit: int = MAX_NAME_CHARS, field: str = "name") -> str:
    """One line of words. Raises InvalidInputError when empty or too long."""
    name = one_line(name)
    if not name:
        raise InvalidInputError(_("Give it a name."), field=field)
    if len(name) > limit:
        raise InvalidInputError(_("Keep it under %(limit)d characters.") % {"limit": limit}, field=field)
    return name


def check_chapters(chapters: Iterable[Chapter]) -> list[Chapter]:
    """As they are kept: in their order, the last of those that begin together. Raises InvalidInputError."""
    named = {
        max(0, each.starts_ms): Chapter(max(0, each.starts_ms), clean_name(each.name, limit=MAX_CHAPTER_CHARS))
        for each in chapters
    }
    if len(named) > MAX_CHAPTERS:
        raise InvalidInputError(_("At most %(limit)d chapters.") % {"limit": MAX_CHAPTERS}, field="chapters")
    return [named[starts_ms] for starts_ms in sorted(named)]


def clean_text(text: str, *, limit: int, field: str) -> str:
    """Paragraphs of words, without unprintable characters, with one kind of line end. Raises InvalidInputError."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs"}).strip()
    if len(text) > limit:
        raise InvalidInputError(_("Keep it under %(limit)d characters.") % {"limit": limit}, field=field)
    return text


def clean_credit(credit: str) -> str:
    credit = one_line(credit)
    if len(credit) > MAX_CREDIT_CHARS:
        raise InvalidInputError(_("Keep it under %(limit)d characters.") % {"limit": MAX_CREDIT_CHARS}, field="credit")
    return credit


def clean_season_number(number: int | None) -> int | None:
    if number is not None and not 0 <= number <= MAX_SEASON_NUMBER:
        raise InvalidInputError(
            _("A season's number is between 0 and %(most)d.") % {"most": MAX_SEASON_NUMBER}, field="number"
        )
    return number


def clean_tags(tags: Iterable[str]) -> list[str]:
    """Lower-case, each once, in the order given. Raises InvalidInputError when too many or too long."""
    cleaned = list(dict.fromkeys(tag for raw in tags if (tag := one_line(raw).lstrip("#").strip().lower())))
    if len(cleaned) > MAX_TAGS:
        raise InvalidInputError(_("Use at most %(limit)d tags.") % {"limit": MAX_TAGS}, field="tags")
    if any(len(tag) > MAX_TAG_CHARS for tag in cleaned):
        raise InvalidInputError(_("Keep each tag under %(limit)d characters.") % {"limit": MAX_TAG_CHARS}, field="tags")
    return cleaned


def clean_category(category: str) -> str:
    if category and category not in CATEGORIES:
        raise InvalidInputError(_("Choose a category from the list."), field="category")
    return category


def clean_language(language: str) -> str:
    if language and not is_language(language):
        raise InvalidInputError(_("Choose a language from the list."), field="language")
    return language


def clean_maturity(maturity: str) -> str:
    if maturity not in MATURITIES:
        raise InvalidInputError(_("Choose who it is for from the list."), field="maturity")
    return maturity


def one_line(text: str) -> str:
    """Words without line breaks, unprintable characters or double spaces, in composed form (NFC)."""
    printable = "".join(c if unicodedata.category(c) not in {"Cc", "Cs", "Zl", "Zp"} else " " for c in text)
    return unicodedata.normalize("NFC", " ".join(printable.split()))


def fold(text: str) -> str:
    """As search compares: no accents, lower case. The same as the database's catalog_fold."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if not "\u0300" <= c <= "\u036f").lower()
