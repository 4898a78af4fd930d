"""What each alert means and what to do: shown with the alert, and written to docs/howto/alerts.md."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from footlights.alerts.kinds import Kind

TITLE = """# Alerts

What each alert means, and what to do. The backoffice shows the same beside the alert, with its evidence.

An alert that goes on grows; it is told once. It is over when it has been quiet for an hour. Acknowledge it when somebody
looks after it; silence it when you know the cause and it will go on for a while. Where alerts are sent is set under
Backoffice → Alerts → Where they are sent; mail to all who handle alerts is always sent. Thresholds are in
`footlights/alerts/policies.py`.
"""


@dataclass(frozen=True, slots=True)
class Entry:
    meaning: Any  # words of the reader's language, once they are shown
    steps: tuple[Any, ...]


# fmt: off
RUNBOOK: dict[Kind, Entry] = {
    Kind.ACCOUNT_TRIED: Entry(
        _("Many sign-ins to one account failed. Somebody guesses its password, or its owner has forgotten it."),
        (
            _("Look at the account's trail: did one of the tries succeed, and from where?"),
            _("If one did and it was not the owner: ask them to reset the password, which signs out everybody else."),
            _("If none did, nothing is lost: after five tries in five minutes no more are looked at. Offer a passkey."),
        ),
    ),
    Kind.BLOCK_TRIES: Entry(
        _("Many sign-ins from one network failed and few succeeded: a program tries passwords from there."),
        (
            _("Search the trail for the addresses of the network, and for sign-ins that succeeded from them."),
            _("Whose account was opened so: have its password reset."),
            _("If it does not stop, refuse the network at your firewall or provider."),
        ),
    ),
    Kind.STUFFING: Entry(
        _("One account after the other is tried once or twice: a list of addresses and passwords that leaked elsewhere."),
        (
            _("Search the trail for sign-ins that succeeded from the same networks since it began; those accounts are open."),
            _("Have their passwords reset. Look at what they bought, changed and watched since."),
            _("Refuse the networks at your firewall if they are few. If they are many, let your provider's protection do it."),
            _("Tell people to use a passkey or another password here than elsewhere."),
        ),
    ),
    Kind.SIGN_INS_FAIL: Entry(
        _("Far more sign-ins fail than in the same hours of other weeks, and not because more people come."),
        (
            _("Try to sign in yourself. If you cannot, it is a fault of ours: look at the log and at what was changed last."),
            _("If you can, look in the trail where the failed ones come from, and go on as with a stolen list."),
        ),
    ),
    Kind.NEW_COUNTRY: Entry(
        _("An account signed in from a country it never signed in from. People travel; thieves do not ask."),
        (
            _("Ask the person, not by a mail they may have lost too: was it you?"),
            _("If not: reset the password, remove foreign second steps, end all sign-ins, take their roles away meanwhile."),
            _("Read in the trail what was done since that sign-in, and undo it."),
        ),
    ),
    Kind.REFUNDS: Entry(
        _("Far more money is given back than usual, or one person gives it back again and again."),
        (
            _("Open the payments: do they have one film, one buyer or one administrator in common?"),
            _("A film that does not play: mend it first. A buyer who buys and gives back: look at what they watched."),
            _("If an account gives money back that should not: take its role away and end its sign-ins."),
        ),
    ),
    Kind.DISPUTES: Entry(
        _("Far more buyers than usual have their bank take payments back. Cards may be stolen, or a film is not what it says."),
        (
            _("Read the disputes' reasons in the backoffice. Fraud: stolen cards are tried here; not as described: a title."),
            _("Stolen cards: look in the trail for accounts that bought much within a short time, and give their money back first."),
            _("A title: talk to its creator, take it off sale, and give money back before the banks do: each dispute costs a fee."),
            _("Answer those that are wrong in time. Too many cost the gateway's trust, whoever is right."),
        ),
    ),
    Kind.STOLEN_CARDS: Entry(
        _("One account, or one network, gave many tips or gifts within an hour, or after many cards were declined. So do thieves."),
        (
            _("Look at the account's payments: small sums, many cards, declined ones between them? Is the account new?"),
            _("Who receives it? A channel that nobody watches, of the same day, may be the thief's own."),
            _("Stolen: give the money back before the banks do, end the account's sign-ins, and leave the holds until it is back."),
            _("A generous person: release the holds under Payouts in the backoffice."),
        ),
    ),
    Kind.GATEWAY_DIFFERS: Entry(
        _("A payment gateway's own account, our payments and the books do not say the same. All three are shown."),
        (
            _("Open the reconciliation in the backoffice: what is missing, at the gateway, here or in the books? What has another amount?"),
            _("Each difference leads to its payment's story. What a late webhook explains is settled by itself within the hour."),
            _("Missing here: somebody was charged and has nothing for it. Give the money back at the gateway, or grant what they bought."),
            _("Missing there, or another amount: ask the gateway, and pay nothing out for it until it has answered."),
            _("Not booked, or booked otherwise: look under Jobs for one that was given up and run it again; what is booked is never altered."),
        ),
    ),
    Kind.GATEWAY_FORBIDS: Entry(
        _("A payment gateway answers, but our keys may not do what is needed: no refund, payout or comparison until they may."),
        (
            _("footlights doctor names what is missing, as the gateway calls it; so does the record in the trail."),
            _("Give our app the permission in the gateway's dashboard (PayPal: Apps & Credentials), or ask the gateway for it."),
            _("Nothing is lost: what waited is asked again by itself within six hours, with the same keys. No one is charged or paid twice."),
        ),
    ),
    Kind.PAYOUT_REDIRECTED: Entry(
        _("Where somebody's earnings are sent was changed within two weeks, and now the first payout goes there."),
        (
            _("Ask them by another way than mail whether they changed it. Most have: they moved to another bank."),
            _("Look at the record of the change: from where was it made, and did a sign-in from a new place or a reset come before?"),
            _("If it was not they: refuse the payout before it is sent, or hold their earnings back, and end their sign-ins."),
        ),
    ),
    Kind.PROBING: Entry(
        _("An account, or visitors from one network, ask for page after page that is not for them. They were shown nothing."),
        (
            _("An account: look in the trail for what else it did, and where its sign-ins came from."),
            _("Ask its owner. If it was not they, end all sign-ins and have the password reset; if it was, close the account."),
            _("A network: a program that tries addresses gets nothing; refuse it in front of the edge if it is a burden."),
        ),
    ),
    Kind.LICENCES: Entry(
        _("An account asks for more films than a person can watch: a program collects them, or many people share it."),
        (
            _("Look at the account: how many browsers is it signed in with, and from where?"),
            _("Ask its owner. If many share it, end all sign-ins; they will come back one by one."),
            _("If a program collects films, close the account. What it got is encrypted, but it had the keys too."),
        ),
    ),
    Kind.UPLOADS: Entry(
        _("Somebody begins far more uploads than usual. The disk may fill, and so may the queue of films."),
        (
            _("Look at what is uploaded: a whole archive that moves in, or rubbish?"),
            _("Look at the free space: footlights doctor."),
            _("If it is not wanted: end the person's sign-ins, then delete the titles."),
        ),
    ),
    Kind.DELETIONS: Entry(
        _("Far more is deleted than usual. Titles can be brought back for thirty days."),
        (
            _("Ask whoever did it. If it was not them, end their sign-ins and have the password reset."),
            _("Bring the titles back in the studio, or have their owner do it."),
            _("Read in the trail what else was done in that time."),
        ),
    ),
    Kind.ADMINISTRATOR_MADE: Entry(
        _("An account became an administrator and may now see and do everything here."),
        (
            _("Ask the administrator who did it, by another way than mail. Nobody did it: somebody had the machine."),
            _("If it was not meant: take the role away at once, end the account's sign-ins, read what it did in the trail."),
        ),
    ),
    Kind.TRAIL_BROKEN: Entry(
        _("The daily look found that something in the trail was edited, deleted or added. Only who owns the database can."),
        (
            _("Run footlights audit verify: it names the records. Keep its output, and a dump of the database, elsewhere."),
            _("Compare with the copies of checkpoints in the object store and in the daily mail (--copy)."),
            _("Treat the machine as taken until you know better: change its passwords and keys from another one."),
        ),
    ),
    Kind.ENGINE_UNHEALTHY: Entry(
        _("A part of the service has not answered for several seconds. It is started again by itself if it ended."),
        (
            _("Run footlights doctor: it says what is wrong and how to mend it."),
            _("Look at the log of the part that is named. A full disk and too little memory are the usual reasons."),
            _("PostgreSQL is told once it is back: nothing could be written before."),
        ),
    ),
}
# fmt: on


def as_markdown() -> str:
    """The page of the documentation, in English."""
    with override("en"):
        return "\n".join([TITLE, *(_section(kind, entry) for kind, entry in RUNBOOK.items())])


def _section(kind: Kind, entry: Entry) -> str:
    steps = "\n".join(f"{number}. {step}" for number, step in enumerate(entry.steps, 1))
    return f'<a id="{kind.anchor}"></a>\n\n## {kind.words}\n\n`{kind.value}` · {entry.meaning}\n\n{steps}\n'
