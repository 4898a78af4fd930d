"""Records of the trail as people read them: who, what, on what, what it was and what it is.

Owns words only. Never shows an address, nor who a viewer is: that is for the pages that may.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.template.defaultfilters import filesizeformat
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from footlights.accounts.api import Person, role_named, words_of_reason
from footlights.audit.api import Act, Record
from footlights.web.design.tags import when

NAMES: Mapping[str, Any] = {
    "anywhere": gettext_lazy("On any website"),
    "asset_id": gettext_lazy("File"),
    "avatar_id": gettext_lazy("Picture"),
    "banner_id": gettext_lazy("Banner"),
    "credit": gettext_lazy("Credits"),
    "domains": gettext_lazy("Websites"),
    "file": gettext_lazy("File"),
    "handle": gettext_lazy("Address"),
    "maturity": gettext_lazy("Age"),
    "method": gettext_lazy("How"),
    "offers": gettext_lazy("Price"),
    "poster_id": gettext_lazy("Poster"),
    "in_words": gettext_lazy("In their words"),
    "publish_at": gettext_lazy("Comes out"),
    "reason": gettext_lazy("Why"),
    "size_bytes": gettext_lazy("Size"),
    "slug": gettext_lazy("Address"),
}
ALREADY_SAID = frozenset({("title", "name"), ("channel", "name"), ("upload", "file")})  # what the line is about
ONLY_FOR_MACHINES = frozenset({"as", "asset_id", "payment_id", "title_id", "collection_id", "reference"})


@dataclass(frozen=True, slots=True)
class Change:
    """`before` is empty where there was nothing before, or nobody asked."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Line:
    """One record. `about` names its object, when something does."""

    at: datetime
    words: str
    who: str
    about: str
    changes: Sequence[Change]


def lines_of(
    records: Iterable[Record], *, reader_id: UUID, titles: Mapping[UUID, str], people: Mapping[UUID, Person]
) -> list[Line]:
    """What `reader_id` may know of each: themselves by “You”, administrators as such, other people not by name."""
    return [
        Line(
            at=each.at,
            words=_words(each, reader_id),
            who=_who(each, reader_id, people),
            about=_about(each, titles),
            changes=changes_of(each),
        )
        for each in records
    ]


def changes_of(record: Record, *, with_ids: bool = False) -> list[Change]:
    """What differs; the name of what it is about is not a change unless it changed."""
    before, after = record.before or {}, record.after or {}
    names = list(dict.fromkeys([*before, *after]))
    return [
        Change(_label(name), _text(name, before.get(name)), _text(name, after.get(name)))
        for name in names
        if (with_ids or name not in ONLY_FOR_MACHINES)
        and (name in before or (record.object_kind, name) not in ALREADY_SAID)
    ]


def title_ids_in(records: Iterable[Record]) -> set[UUID]:
    """The titles that records are about, or tell of."""
    found = set()
    for each in records:
        text = each.object_id if each.object_kind == "title" else str((each.after or {}).get("title_id", ""))
        try:
            found.add(UUID(text))
        except ValueError:
            continue
    return found


def page_of_object(record: Record) -> str:
    """Where the backoffice shows what a record is about, or the empty text."""
    pages = {"person": "person", "title": "title", "payment": "payment", "job": "job"}
    if record.object_kind in pages:
        try:
            return reverse(f"backoffice:{pages[record.object_kind]}", args=[record.object_id])
        except NoReverseMatch:  # an act on many at once names none
            return ""
    if record.object_kind in {"purchase", "tip", "gift"}:
        return f"{reverse('backoffice:search')}?q={record.object_id}"
    return ""


def _words(record: Record, reader_id: UUID) -> str:
    if record.object_id != str(reader_id):
        return record.words
    own: dict[str, str] = {
        Act.PERSON_UNMASKED: _("Looked at your name and address"),
        Act.PERSON_LOOKED_AT: _("Looked at your data"),
    }
    return own.get(record.act, record.words)


def _who(record: Record, reader_id: UUID, people: Mapping[UUID, Person]) -> str:
    if record.actor_id == reader_id:
        return _("You")
    if record.act == Act.PERSON_UNMASKED:
        return str(role_named((record.after or {})["as"]).words)
    if record.actor_id is None:
        return _("Somebody") if record.act == "session.refused" else _("The service")
    person = people.get(record.actor_id)
    if person and person.is_administrator:
        return _("An administrator")
    return _("A viewer") if record.object_kind in {"purchase", "subscription", "tip", "gift"} else _("Somebody else")


def _about(record: Record, titles: Mapping[UUID, str]) -> str:
    told = {**(record.before or {}), **(record.after or {})}
    for title_id in title_ids_in([record]):
        if title_id in titles:
            return titles[title_id]
    name = told.get("name") or told.get("file") or ""
    return str(name)


def _label(name: str) -> str:
    return str(NAMES.get(name) or name.removesuffix("_id").replace("_", " ").capitalize())


def _text(name: str, value: Any) -> SafeString | str:
    if value is None or value in ("", []):
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name.endswith("_bytes"):
        return filesizeformat(value)
    if name.endswith("_at"):
        return when(datetime.fromisoformat(value))
    if name == "reason":
        return words_of_reason(str(value))
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
