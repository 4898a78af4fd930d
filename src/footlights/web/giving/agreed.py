"""What a giver reads before they press the button: the same words on the page and in the story of their payment.

A tip buys nothing, and a gift is watched by somebody else and later: nobody gives up a right to withdraw, so there is
no box to tick.
"""

from django.utils.translation import gettext as _

from footlights.kernel.money import Money


def tip_terms(*, is_question: bool, is_shown: bool) -> str:
    """What becomes of a tip; `is_shown`: in a room."""
    if is_question:
        return _(
            "Your question stands on top in the room as soon as your payment has arrived. If nobody answers it by the "
            "end of the show, or within a day, all of your money comes back by itself."
        )
    terms = _("It goes to the people who make it. You get their thanks, and nothing else.")
    if is_shown:
        terms += " " + _("Your word with it is shown in the room as soon as your payment has arrived.")
    return terms


def gift_terms(*, is_ticket: bool = False) -> list[str]:
    """What holds of a gift, line by line."""
    returned = _("While nobody has opened it, you can have your money back for 14 days at least.")
    if not is_ticket:
        return [_("It waits as long as they like. Nobody needs a card to open it."), returned]
    ended = _(
        "If it does not take place, or is over and nothing is left to see, all of your money comes back by itself."
    )
    return [_("Nobody needs a card to open it."), ended, returned]


def agreed_to_tip(amount: Money, terms: str) -> str:
    """For the payment's story."""
    words = {"amount": amount.format(), "terms": terms}
    return _("Chose %(amount)s and pressed “Give” under: “%(terms)s”") % words


def agreed_to_gift(total: Money, *, is_ticket: bool = False) -> str:
    """For the payment's story."""
    words = {"total": total.format(), "terms": " ".join(gift_terms(is_ticket=is_ticket))}
    return _("Pressed “Pay %(total)s” under the whole price and: “%(terms)s”") % words
