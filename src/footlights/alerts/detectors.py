"""The detectors: fed with what happens, in order, they say what is unusual, and why.

Pure: no clock, no database, no network. What they remember is rebuilt from the trail whenever a process begins, so they
hold nothing that could be lost. Thresholds are in policies.py.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from functools import partial

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_  # noqa: N812  marks words for the catalogue; said later

from footlights.alerts import policies
from footlights.alerts.kinds import Kind
from footlights.alerts.policies import HOUR, Limit
from footlights.alerts.records import Happening, Trip, What
from footlights.alerts.windows import Different, Series, Stamps

EVERYWHERE = "everywhere"
LEVEL_WINDOWS = (policies.Rhythm(600, 0, 0), policies.Rhythm(HOUR, 0, 0))
SERIES = {
    What.REFUSED: policies.SIGN_IN_FAILURES,
    What.UNKNOWN: policies.UNKNOWN_ACCOUNTS,
    What.SIGNED_IN: LEVEL_WINDOWS,
    What.NEW_COUNTRY: policies.NEW_COUNTRIES,
    What.REFUNDED: policies.REFUND_RHYTHM,
    What.DISPUTED: policies.DISPUTE_RHYTHM,
    What.DELETED: policies.DELETION_RHYTHM,
}


class Detectors:
    """All of them. `hours` are the counts of past hours, by series; `began` the first hour that was counted at all."""

    def __init__(self, *, began: int, hours: Mapping[str, Mapping[int, int]] | None = None) -> None:
        hours = hours or {}
        self.series = {what: Series(rhythms, began=began, hours=hours.get(what)) for what, rhythms in SERIES.items()}
        self._tries = Stamps(policies.ACCOUNT_TRIES)
        self._block_tries = Stamps(policies.BLOCK_TRIES)
        self._block_accounts = Different(policies.BLOCK_ACCOUNTS)
        self._block_successes = Stamps(policies.BLOCK_TRIES, kept=300)
        self._licences = Stamps(policies.LICENCES)
        self._refusals = Stamps(policies.REFUSALS)
        self._uploads = Stamps(policies.UPLOADS)
        self._deletions = Stamps(policies.DELETIONS)
        self._refunds = Stamps(policies.REFUNDS_BY_ONE)
        self._destinations: OrderedDict[str, Happening] = OrderedDict()  # changed, and nothing sent there yet
        self._said: OrderedDict[tuple[Kind, str], float] = OrderedDict()
        # Accounts and networks that were told of within an hour, and when last.
        self._named: dict[Kind, OrderedDict[str, float]] = {
            kind: OrderedDict() for kind in (Kind.ACCOUNT_TRIED, Kind.STUFFING, Kind.BLOCK_TRIES)
        }
        self._by_what: dict[What, Callable[[Happening], Iterator[Trip]]] = {
            What.REFUSED: self._refused,
            What.LIMITED: self._tried,
            What.SIGNED_IN: self._signed_in,
            What.REFUND_ASKED: self._refund_asked,
            What.REFUNDED: self._refunded,
            What.DISPUTED: self._disputed,
            What.SUSPECTED: self._suspected,
            What.GATEWAY_DIFFERS: _gateway_differs,
            What.GATEWAY_FORBIDS: _gateway_forbids,
            What.DESTINATION_CHANGED: self._destination_changed,
            What.PAYOUT_ASKED: self._payout_asked,
            What.LICENCE: self._licence,
            What.NOT_THEIRS: self._not_theirs,
            What.UPLOADED: self._uploaded,
            What.DELETED: self._deleted,
            What.ADMINISTRATOR_MADE: _administrator_made,
            What.TRAIL_BROKEN: _trail_broken,
        }

    def feed(self, happening: Happening) -> list[Trip]:
        """What this makes unusual. The same thing is said again every TOLD_AGAIN_S while it goes on."""
        return list(self._by_what[happening.what](happening))

    def _may_say(self, kind: Kind, subject: str, at: float) -> bool:
        """Whether it was not said just now; asked once, before the words are made."""
        key = (kind, subject)
        if at - self._said.get(key, -policies.DAY) < policies.TOLD_AGAIN_S:
            return False
        self._said[key] = at
        self._said.move_to_end(key)
        if len(self._said) > policies.TOLD_REMEMBERED:
            self._said.popitem(last=False)
        return True

    def _refused(self, each: Happening) -> Iterator[Trip]:
        yield from self._tried(each)
        if each.block and not self._is_named(Kind.ACCOUNT_TRIED, each.account, each.at):
            yield from self._refused_from_block(each)
        if not self._is_explained(each):
            yield from self._refused_anywhere(each)

    def _is_explained(self, each: Happening) -> bool:
        """Whether an alert for its account or network tells of it already: then it is no spike of the whole."""
        abouts = ((Kind.ACCOUNT_TRIED, each.account), (Kind.STUFFING, each.block), (Kind.BLOCK_TRIES, each.block))
        return any(self._is_named(kind, about, each.at) for kind, about in abouts)

    def _is_named(self, kind: Kind, subject: str, at: float) -> bool:
        return at - self._named[kind].get(subject, -HOUR) < HOUR

    def _tried(self, each: Happening) -> Iterator[Trip]:
        if not each.account:
            return
        self._tries.add(each.account, each.at, each.count)
        for limit in self._tries.over(each.account, each.at):
            words = N_(
                "%(count)d failed sign-ins for one account within %(window)s; who forgot a password needs fewer."
            )
            facts = {"account": each.account, "from": each.block}
            count = partial(self._tries.since, each.account, each.at - limit.window_s)
            yield from self._over_limit(Kind.ACCOUNT_TRIED, each.account, limit, count, words, each, facts)
            return

    def _refused_from_block(self, each: Happening) -> Iterator[Trip]:
        self._block_tries.add(each.block, each.at, each.count)
        if each.account:
            self._block_accounts.add(each.block, each.account, each.at)
            for limit in self._block_accounts.over(each.block, each.at):
                if self._successes(each, limit) * policies.BLOCK_ACCOUNTS_A_SUCCESS < limit.count:
                    words = N_("%(count)d different accounts failed to sign in from one network within %(window)s.")
                    count = partial(self._block_accounts.since, each.block, each.at - limit.window_s)
                    facts = {"from": each.block}
                    yield from self._over_limit(Kind.STUFFING, each.block, limit, count, words, each, facts)
                    return
        for limit in self._block_tries.over(each.block, each.at):
            if self._successes(each, limit) * policies.BLOCK_TRIES_A_SUCCESS < limit.count:
                words = N_("%(count)d sign-ins from one network failed within %(window)s, and few succeeded.")
                count = partial(self._block_tries.since, each.block, each.at - limit.window_s)
                facts = {"from": each.block}
                yield from self._over_limit(Kind.BLOCK_TRIES, each.block, limit, count, words, each, facts)
                return

    def _successes(self, each: Happening, limit: Limit) -> int:
        return self._block_successes.since(each.block, each.at - limit.window_s)

    def _refused_anywhere(self, each: Happening) -> Iterator[Trip]:
        at, level = each.at, self._level(each.at)
        self.series[What.REFUSED].add(at, each.count)
        if each.is_unknown:
            unknown = self.series[What.UNKNOWN]
            unknown.add(at, each.count)
            for rhythm, count, usual in unknown.over(at, level):
                words = N_(
                    "%(count)d sign-ins within %(window)s were for accounts that nobody has; usual are %(usual)d."
                )
                yield from self._over_rhythm(each.at, Kind.STUFFING, rhythm.window_s, count, usual, words)
                return
        for rhythm, count, usual in self.series[What.REFUSED].over(at, level):
            words = N_("%(count)d sign-ins failed within %(window)s; at this hour of other weeks about %(usual)d do.")
            yield from self._over_rhythm(each.at, Kind.SIGN_INS_FAIL, rhythm.window_s, count, usual, words)
            return

    def _level(self, at: float) -> float:
        """How much more people sign in than usual: on a busy day more of them also fail."""
        signed_in = self.series[What.SIGNED_IN]
        return max(
            policies.level_of(signed_in.sum(rhythm.window_s, at), usual.middle) if usual else 1.0
            for rhythm in LEVEL_WINDOWS
            for usual in [signed_in.usual(rhythm.window_s, at)]
        )

    def _signed_in(self, each: Happening) -> Iterator[Trip]:
        self.series[What.SIGNED_IN].add(each.at)
        if each.block:
            self._block_successes.add(each.block, each.at)
        if not each.country:
            return
        series = self.series[What.NEW_COUNTRY]
        series.add(each.at)
        failures = self._tries.since(each.account, each.at - policies.FAILURES_REMEMBERED_S)
        facts = {"account": each.account, "country": each.country, "from": each.block}
        if failures >= policies.FAILURES_BEFORE_NEW_COUNTRY:
            words = N_("An account signed in from a country that is new to it, after %(count)d tries that failed.")
            told = _(words) % {"count": failures}
            yield Trip(Kind.NEW_COUNTRY, each.account, told, failures, HOUR, 0, facts, _records(each))
        elif each.is_trusted:
            words = N_("Somebody who may do more than watch signed in from a country that is new to them.")
            yield Trip(Kind.NEW_COUNTRY, each.account, _(words), 1, 0, 0, facts, _records(each))
        for rhythm, count, usual in series.over(each.at, self._level(each.at)):
            words = N_(
                "%(count)d accounts signed in from countries new to them within %(window)s; usual are %(usual)d."
            )
            yield from self._over_rhythm(each.at, Kind.NEW_COUNTRY, rhythm.window_s, count, usual, words)
            return

    def _refund_asked(self, each: Happening) -> Iterator[Trip]:
        words = N_("One person gave money back %(count)d times within %(window)s.")
        yield from self._of_one(self._refunds, Kind.REFUNDS, each, words)

    def _refunded(self, each: Happening) -> Iterator[Trip]:
        self.series[What.REFUNDED].add(each.at, each.count)
        for rhythm, count, usual in self.series[What.REFUNDED].over(each.at):
            words = N_("%(count)d purchases were given back within %(window)s; usual are %(usual)d.")
            yield from self._over_rhythm(each.at, Kind.REFUNDS, rhythm.window_s, count, usual, words)
            return

    def _disputed(self, each: Happening) -> Iterator[Trip]:
        self.series[What.DISPUTED].add(each.at, each.count)
        for rhythm, count, usual in self.series[What.DISPUTED].over(each.at):
            words = N_("%(count)d payments were disputed within %(window)s; usual are %(usual)d.")
            yield from self._over_rhythm(each.at, Kind.DISPUTES, rhythm.window_s, count, usual, words)
            return

    def _destination_changed(self, each: Happening) -> Iterator[Trip]:
        self._destinations[each.account] = each
        self._destinations.move_to_end(each.account)
        if len(self._destinations) > policies.TOLD_REMEMBERED:
            self._destinations.popitem(last=False)
        yield from ()

    def _payout_asked(self, each: Happening) -> Iterator[Trip]:
        """Told when it is asked for: it can still be refused."""
        changed = self._destinations.pop(each.account, None)
        if changed and each.at - changed.at < policies.REDIRECTED_WITHIN_S:
            words = _("Where somebody's payouts go was changed, and now earnings are sent there. Was it they?")
            facts = {"account": each.account, "from": changed.block}
            shown = {name: value for name, value in facts.items() if value}
            yield Trip(
                Kind.PAYOUT_REDIRECTED, each.account, words, facts=shown, records=_records(changed) + _records(each)
            )

    def _licence(self, each: Happening) -> Iterator[Trip]:
        words = N_("One account asked for %(count)d licences within %(window)s; a person on three screens needs fewer.")
        yield from self._of_one(self._licences, Kind.LICENCES, each, words)

    def _suspected(self, each: Happening) -> Iterator[Trip]:
        if self._may_say(Kind.STOLEN_CARDS, each.account, each.at):
            words = _(
                "Tips or gifts come too fast, or after too many declined cards. They wait here until somebody looks."
            )
            yield Trip(Kind.STOLEN_CARDS, each.account, words, facts={"account": each.account}, records=_records(each))

    def _not_theirs(self, each: Happening) -> Iterator[Trip]:
        words = N_("%(count)d pages that are not theirs were asked for within %(window)s.")
        who = each.account or each.block
        self._refusals.add(who, each.at, each.count)
        for limit in self._refusals.over(who, each.at):
            count = partial(self._refusals.since, who, each.at - limit.window_s)
            facts = {"account": each.account, "from": each.block}
            yield from self._over_limit(Kind.PROBING, who, limit, count, words, each, facts)
            return

    def _uploaded(self, each: Happening) -> Iterator[Trip]:
        words = N_("One person began %(count)d uploads within %(window)s.")
        yield from self._of_one(self._uploads, Kind.UPLOADS, each, words)

    def _deleted(self, each: Happening) -> Iterator[Trip]:
        words = N_("One person deleted %(count)d titles or files within %(window)s.")
        yield from self._of_one(self._deletions, Kind.DELETIONS, each, words)
        self.series[What.DELETED].add(each.at, each.count)
        for rhythm, count, usual in self.series[What.DELETED].over(each.at):
            words = N_("%(count)d titles or files were deleted within %(window)s; usual are %(usual)d.")
            yield from self._over_rhythm(each.at, Kind.DELETIONS, rhythm.window_s, count, usual, words)
            return

    def _of_one(self, stamps: Stamps, kind: Kind, each: Happening, words: str) -> Iterator[Trip]:
        if not each.actor:
            return
        stamps.add(each.actor, each.at, each.count)
        for limit in stamps.over(each.actor, each.at):
            count = partial(stamps.since, each.actor, each.at - limit.window_s)
            yield from self._over_limit(kind, each.actor, limit, count, words, each, {"account": each.actor})
            return

    def _over_limit(
        self,
        kind: Kind,
        subject: str,
        limit: Limit,
        count: Callable[[], int],
        words: str,
        each: Happening,
        facts: Mapping[str, str],
    ) -> Iterator[Trip]:
        if not self._may_say(kind, subject, each.at):
            return
        if kind in self._named and (like := self._like_it(kind, subject, each.at)) > policies.ALIKE_MAX:
            yield from self._alike(kind, like, each)
            return
        told = _(words) % {"count": count(), "window": window_words(limit.window_s)}
        shown = {name: value for name, value in facts.items() if value}
        yield Trip(kind, subject, told, count(), limit.window_s, limit.count - 1, shown, _records(each))

    def _like_it(self, kind: Kind, subject: str, at: float) -> int:
        """How many accounts, or networks, were told of within an hour, this one too."""
        named = self._named[kind]
        named[subject] = at
        named.move_to_end(subject)
        while len(named) > policies.TOLD_REMEMBERED or at - next(iter(named.values())) >= HOUR:
            named.popitem(last=False)
        return len(named)

    def _alike(self, kind: Kind, like: int, each: Happening) -> Iterator[Trip]:
        """One attack that comes from many networks, or goes for many accounts, is one alert and not one for each."""
        if kind is Kind.ACCOUNT_TRIED:
            kind, words = Kind.SIGN_INS_FAIL, N_("%(count)d accounts are being guessed at within an hour.")
        else:
            kind = Kind.STUFFING
            words = N_("From %(count)d networks one account after the other fails to sign in.")
        if self._may_say(kind, EVERYWHERE, each.at):
            told = _(words) % {"count": like}
            yield Trip(kind, EVERYWHERE, told, like, HOUR, policies.ALIKE_MAX, records=_records(each))

    def _over_rhythm(
        self, at: float, kind: Kind, window_s: int, count: int, usual: float, words: str
    ) -> Iterator[Trip]:
        if self._may_say(kind, EVERYWHERE, at):
            told = _(words) % {"count": count, "window": window_words(window_s), "usual": round(usual)}
            yield Trip(kind, EVERYWHERE, told, count, window_s, round(usual, 1))


def of_engine(name: str, problem: str, down_s: float) -> Trip:
    """What whoever looks after the engines tells when one has not answered for ENGINE_DOWN_AFTER_S."""
    words = _("%(name)s has not answered for %(seconds)d s: %(problem)s")
    told = words % {"name": name, "seconds": down_s, "problem": problem}
    return Trip(Kind.ENGINE_UNHEALTHY, name, told, facts={"engine": name, "problem": problem})


def _administrator_made(each: Happening) -> Iterator[Trip]:
    words = _("An account was made an administrator. Was that meant?")
    facts = {"account": each.account, "by": each.actor or _("the command line")}
    yield Trip(Kind.ADMINISTRATOR_MADE, each.account, words, facts=facts, records=_records(each))


def _gateway_differs(each: Happening) -> Iterator[Trip]:
    words = _("A payment gateway's own account, our payments and the books differ. The reconciliation shows all sides.")
    yield Trip(Kind.GATEWAY_DIFFERS, "gateway", words, records=_records(each))


def _gateway_forbids(each: Happening) -> Iterator[Trip]:
    words = _("Our keys at a payment gateway lack a permission. What needs it waits; the record says which it is.")
    yield Trip(Kind.GATEWAY_FORBIDS, "gateway", words, records=_records(each))


def _trail_broken(each: Happening) -> Iterator[Trip]:
    words = _("The trail does not verify: something in it was edited, deleted or added.")
    yield Trip(Kind.TRAIL_BROKEN, "trail", words, records=_records(each))


def _records(each: Happening) -> tuple[str, ...]:
    return (each.record,) if each.record else ()


def window_words(window_s: int) -> str:
    """10 seconds, 1 minute, 6 hours."""
    for unit_s, one, many in (
        (policies.DAY, _("a day"), _("%(n)d days")),
        (HOUR, _("an hour"), _("%(n)d hours")),
        (policies.MINUTE, _("a minute"), _("%(n)d minutes")),
    ):
        if window_s >= unit_s:
            return one if window_s == unit_s else many % {"n": window_s // unit_s}
    return _("%(n)d seconds") % {"n": window_s}
