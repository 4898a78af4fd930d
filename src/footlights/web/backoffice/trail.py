"""The trail: find who did what; one record whole; all that was found as a file."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from ipaddress import ip_address
from typing import Any, TypedDict
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from footlights.accounts.api import list_masked_persons, search_persons, told_reason
from footlights.audit.api import (
    Act,
    Record,
    export_records,
    find_last_checkpoint,
    find_record,
    record,
    search_records,
)
from footlights.catalog.api import list_titles
from footlights.kernel.errors import InvalidInputError, NotFoundError
from footlights.web.activity import changes_of, page_of_object, title_ids_in
from footlights.web.backoffice.unmasking import ReasonForm
from footlights.web.paging import PER_PAGE, asked_in, number_of, page_of
from footlights.web.sheets import row

FILTERS = ("q", "act", "since", "until")
PERSONS = 5  # of how many people whose name or address matches the acts are shown
COLUMNS = ("id", "at", "act", "actor_id", "on_behalf_of_id", "object_kind", "object_id", "channel_id", "person_ids",
           "before", "after", "address", "request_id")  # fmt: skip


class Asked(TypedDict):
    text: str
    person_ids: list[UUID]
    act: str
    since: datetime | None
    until: datetime | None


@require_safe
def trail(request: HttpRequest) -> HttpResponse:
    asked = _asked(request.GET)
    found = search_records(**asked, limit=PER_PAGE + 1, offset=(number_of(request) - 1) * PER_PAGE) if asked else []
    page = page_of(request, found)
    people = list_masked_persons(each.actor_id for each in page.rows if each.actor_id)
    titles = list_titles(title_ids_in(page.rows))
    context = {
        "section": "trail",
        "page": page,
        "lines": [
            {
                "record": each,
                "actor": people.get(each.actor_id) if each.actor_id else None,
                "title": next((titles[title_id].name for title_id in title_ids_in([each]) if title_id in titles), ""),
                "href": page_of_object(each),
            }
            for each in page.rows
        ],
        "acts": sorted(((act.value, str(act.words)) for act in Act), key=lambda act: act[1]),
        "text": asked_in(request),
        "act": request.GET.get("act", ""),
        "since": request.GET.get("since", ""),
        "until": request.GET.get("until", ""),
        "checkpoint": find_last_checkpoint(),
        "reason_form": ReasonForm(),
    }
    return render(request, "backoffice/trail.html", context)


@require_safe
def trail_record(request: HttpRequest, record_id: UUID) -> HttpResponse:
    found = find_record(record_id)
    if found is None:
        raise NotFoundError("There is no such record.")
    people = list_masked_persons([*found.person_ids, *([found.actor_id] if found.actor_id else [])])
    context = {
        "section": "trail",
        "record": found,
        "actor": people.get(found.actor_id) if found.actor_id else None,
        "people": [people[person_id] for person_id in found.person_ids if person_id in people],
        "href": page_of_object(found),
        "changes": changes_of(found, with_ids=True),
    }
    return render(request, "backoffice/trail_record.html", context)


@require_POST
def trail_export(request: HttpRequest) -> HttpResponseBase:
    """All that answers, as CSV or JSON lines. That it was taken is a record itself."""
    asked, is_csv = _asked(request.POST), request.POST.get("format") != "jsonl"
    try:
        _tell_export(request.POST, asked)
    except InvalidInputError as error:
        messages.error(request, str(error))
        left = {name: text for name in FILTERS if (text := request.POST.get(name, ""))}
        return redirect(f"{reverse('backoffice:trail')}?{urlencode(left)}")
    found = export_records(**asked) if asked else iter(())
    name, kind = ("trail.csv", "text/csv; charset=utf-8") if is_csv else ("trail.jsonl", "application/jsonl")
    lines = as_csv(found) if is_csv else as_json_lines(found)
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return StreamingHttpResponse(lines, content_type=kind, headers=headers)


@transaction.atomic
def _tell_export(sent: Any, asked: Asked | None) -> None:
    """Say who took what, and why; people whose acts were asked for find it. No name that was typed stays here."""
    told = told_reason(sent.get("reason", ""), sent.get("note", ""))
    people = asked["person_ids"] if asked else []
    told |= {name: text for name in FILTERS if (text := sent.get(name, ""))}
    if not _is_id_or_address(told.get("q", "")):
        told.pop("q", None)
    record(act=Act.TRAIL_EXPORTED, object_kind="trail", person_ids=people, after=told)


def as_csv(records: Iterator[Record]) -> Iterator[str]:
    """One row a record."""
    yield row(COLUMNS)
    for each in records:
        yield row(_cell(value) for value in _facts(each).values())


def as_json_lines(records: Iterator[Record]) -> Iterator[str]:
    for each in records:
        yield json.dumps(_facts(each), default=str, ensure_ascii=False) + "\n"


def _facts(each: Record) -> dict[str, Any]:
    return {name: getattr(each, name) for name in COLUMNS} | {"at": each.at.isoformat()}


def _cell(value: Any) -> str:
    if isinstance(value, tuple):
        return " ".join(map(str, value))
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    return "" if value is None else str(value)


def _asked(sent: Any) -> Asked | None:
    """What is searched for; None when it names a person nobody is. Names and mail addresses become people here."""
    text = sent.get("q", "").replace("\x00", "")[:200].strip()
    asked = Asked(
        text=text,
        person_ids=[],
        act=sent.get("act", "") if sent.get("act") in set(Act) else "",
        since=_midnight(sent.get("since", "")),
        until=_midnight(sent.get("until", ""), days_later=1),
    )
    if text and not _is_id_or_address(text) and (people := search_persons(text, limit=PERSONS)):
        return {**asked, "text": "", "person_ids": [person.id for person in people]}
    return None if "@" in text else asked


def _is_id_or_address(text: str) -> bool:
    for kind in (UUID, ip_address):
        try:
            kind(text)
        except ValueError:
            continue
        return True
    return False


def _midnight(text: str, *, days_later: int = 0) -> datetime | None:
    try:
        day = date.fromisoformat(text) + timedelta(days=days_later)
        return datetime(day.year, day.month, day.day, tzinfo=UTC) if day.year > 1970 else None  # noqa: PLR2004  Unix time
    except (ValueError, OverflowError):
        return None
