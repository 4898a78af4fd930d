"""The books: trial balance, accounts, an account's statement, a journal in words, and all of it as a file."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from footlights.accounts.api import list_masked_persons
from footlights.audit.api import Act, record
from footlights.catalog.api import list_channels, list_titles
from footlights.kernel.clock import now
from footlights.kernel.errors import InvalidInputError, NotFoundError
from footlights.kernel.money import Money, exponent_of
from footlights.ledger.api import (
    export_lines,
    get_journal,
    list_accounts,
    search_journals,
    statement,
    trial_balance,
)
from footlights.web.backoffice.books_words import account_name, id_in, kind_words, sentence_of
from footlights.web.paging import asked_in, number_of, page_of

PERIOD = timedelta(days=30)


@require_GET
def books(request: HttpRequest) -> HttpResponse:
    """Every currency's kinds of accounts, and the newest journals; or those that were searched for."""
    text = asked_in(request)
    page = page_of(request, search_journals(text, number_of(request)))
    context = {
        "section": "books",
        "text": text,
        "page": page,
        "journals": [{"journal": each, "words": sentence_of(each.cause, each.memo)} for each in page.rows],
        "currencies": [] if text else [_of_currency(code, lines) for code, lines in trial_balance().items()],
    }
    return render(request, "backoffice/books.html", context)


@require_GET
def accounts(request: HttpRequest, kind: str, currency: str) -> HttpResponse:
    page = page_of(request, list_accounts(kind, _code(currency), number_of(request)))
    names = _names(balance.account for balance in page.rows)
    context = {
        "section": "books",
        "heading": kind_words(kind),
        "currency": currency,
        "page": page,
        "lines": [{"balance": each, "name": account_name(each.account, names)} for each in page.rows],
    }
    return render(request, "backoffice/books_accounts.html", context)


@require_GET
def account(request: HttpRequest, account: str, currency: str) -> HttpResponse:
    until = _day(request.GET.get("until", "")) or now().date()
    since = _day(request.GET.get("since", "")) or until - PERIOD
    found = statement(account, _code(currency), since=since, until=max(since, until), page=number_of(request))
    page = page_of(request, found.entries)
    context = {
        "section": "books",
        "statement": found,
        "name": account_name(account, _names([account])),
        "kind": account.partition(":")[0],
        "currency": currency,
        "since": since.isoformat(),
        "until": max(since, until).isoformat(),
        "page": page,
        "lines": [{"entry": each, "words": sentence_of(each.cause, each.memo)} for each in page.rows],
    }
    return render(request, "backoffice/books_account.html", context)


@require_GET
def journal(request: HttpRequest, journal_id: UUID) -> HttpResponse:
    found = get_journal(journal_id)
    names = _names(entry.account for entry in found.entries)
    title_id = id_in(found.about) if found.about.startswith("title:") else None
    context = {
        "section": "books",
        "journal": found,
        "words": sentence_of(found.cause, found.memo),
        "lines": [{"entry": each, "name": account_name(each.account, names)} for each in found.entries],
        "title": list_titles([title_id]).get(title_id) if title_id else None,
        "href": _page_of(found.cause),
        "others": [
            {"entry": each, "words": sentence_of(each.cause, each.memo)}
            for each in ([found.takes_back] if found.takes_back else found.taken_back_by)
        ],
        "is_back": found.takes_back is not None,
    }
    return render(request, "backoffice/books_journal.html", context)


@require_POST
def export(_request: HttpRequest) -> HttpResponseBase:
    """All of it for a program that keeps accounts. That it was taken is a record of the trail."""
    with transaction.atomic():
        record(act=Act.BOOKS_EXPORTED, object_kind="books")
    headers = {"Content-Disposition": 'attachment; filename="books.journal"', "Cache-Control": "private, no-store"}
    return StreamingHttpResponse(export_lines(), content_type="text/plain; charset=utf-8", headers=headers)


def _of_currency(currency: str, lines: list[Any]) -> dict[str, Any]:
    debit, credit = (
        sum((getattr(line, side) for line in lines), start=Money(0, currency)) for side in ("debit", "credit")
    )
    return {
        "code": currency,
        "lines": [{"line": line, "words": kind_words(line.kind)} for line in lines],
        "debit": debit,
        "credit": credit,
        "balances": debit == credit,
    }


def _names(codes: Iterable[str]) -> dict[UUID, str]:
    """Of the channels and, masked, the people whose accounts these are."""
    found = [(code.partition(":")[0], id_in(code)) for code in codes]
    channels = list_channels({each for kind, each in found if kind == "creator" and each})
    people = list_masked_persons({each for kind, each in found if kind == "person" and each})
    return {each.id: each.name for each in channels.values()} | {each.id: each.name for each in people.values()}


def _page_of(cause: str) -> str:
    """The page of the backoffice that tells the whole story, where there is one."""
    kind, found = cause.partition(":")[0], id_in(cause)
    if found is None:
        return ""
    if kind == "payout":
        return reverse("backoffice:payout", args=[found])
    if kind == "payment":
        return reverse("backoffice:payment", args=[found])
    return f"{reverse('backoffice:payments')}?q={found}" if kind in {"purchase", "invoice", "tip", "gift"} else ""


def _code(currency: str) -> str:
    try:
        exponent_of(currency)
    except InvalidInputError as error:
        raise NotFoundError("There is no such currency.") from error
    return currency


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1970 < day.year < 9999 else None  # noqa: PLR2004  Unix time, and a day after it
