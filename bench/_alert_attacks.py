"""Shapes of attacks for `bench alerts`: fast ones that last minutes, slow ones that last days. Needs Django set up."""
# ruff: noqa: ANN001, ANN202, ARG001  they are a table, each a line or two

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from footlights.alerts.api import Happening, What

HOUR, DAY = 3600, 86_400


def _tries(at: float, every_s: float, number: int, **of: str | Callable[[int], str]) -> Iterator[Happening]:
    for each in range(number):
        made = {name: value(each) if callable(value) else value for name, value in of.items()}
        yield Happening(at=at + each * every_s, what=What.REFUSED, **made)


def _turned_away(tries: Iterable[Happening], looked_at: int) -> Iterator[Happening]:
    """Of tries from one address, or for one account, the limits let few be looked at; the others come as tallies."""
    for number, each in enumerate(tries):
        if number < looked_at:
            yield each
        else:
            yield replace(each, account="", is_unknown=False)
            yield replace(each, what=What.LIMITED, block="", is_unknown=False)


def _networks(dice, number: int) -> list[str]:
    return [f"{dice.randrange(11, 200)}.{dice.randrange(256)}.{dice.randrange(256)}.0/24" for _ in range(number)]


def fast_guessing_from_one_address(dice, at):
    return _turned_away(_tries(at, 1 / dice.uniform(4, 20), 200, account="victim", block="203.0.113.0/24"), 5)


def fast_guessing_from_many_addresses(dice, at):
    bots = [f"198.51.{dice.randrange(256)}.0/24" for _ in range(60)]
    tries = _tries(at, 1 / dice.uniform(3, 10), 200, account="victim", block=lambda _: dice.choice(bots))
    return _turned_away(tries, 5)


def fast_list_from_one_network(dice, at):
    return _tries(at, 1 / dice.uniform(3, 15), 200, account=lambda each: f"v{each}", block="203.0.113.0/24")


def fast_list_from_a_botnet(dice, at):
    bots = _networks(dice, dice.randrange(400, 3000))
    tries = _tries(
        at, 1 / dice.uniform(15, 100), 1500, account=lambda each: f"v{each}", block=lambda _: dice.choice(bots)
    )
    return [replace(each, is_unknown=dice.random() < 0.7) for each in tries]


def fast_list_of_members_only(dice, at):
    """Every address on the list is somebody's here."""
    bots = _networks(dice, dice.randrange(300, 2000))
    rate = dice.uniform(12, 60)
    return _tries(at, 1 / rate, 1500, account=lambda each: f"v{each}", block=lambda _: dice.choice(bots))


def fast_theft_of_an_administrators_sign_in(dice, at):
    return [
        Happening(at=at, what=What.SIGNED_IN, account="boss", block="203.0.113.0/24", country="NZ", is_trusted=True)
    ]


def fast_new_administrator(dice, at):
    return [Happening(at=at, what=What.ADMINISTRATOR_MADE, account="newcomer", actor="boss")]


def fast_altered_trail(dice, at):
    return [Happening(at=at, what=What.TRAIL_BROKEN)]


def fast_refunds_by_an_insider(dice, at):
    every = dice.uniform(0.2, 1)
    return [Happening(at=at + n * every, what=What.REFUND_ASKED, actor="insider") for n in range(60)]


def fast_deleting_of_everything(dice, at):
    every = dice.uniform(0.05, 0.3)
    return [Happening(at=at + n * every, what=What.DELETED, actor="vandal") for n in range(200)]


def fast_copying_of_films(dice, at):
    """The first ones of each process are not counted."""
    every = dice.uniform(0.05, 0.3)
    return [Happening(at=at + n * every, what=What.LICENCE, actor="copier") for n in range(40, 600)]


def fast_flood_of_uploads(dice, at):
    every = dice.uniform(0.02, 0.1)
    return [Happening(at=at + n * every, what=What.UPLOADED, actor="flooder") for n in range(400)]


def slow_guessing_at_one_account(dice, at):
    every = dice.uniform(300, 1500)
    bots = [f"198.51.{dice.randrange(256)}.0/24" for _ in range(60)]
    return _tries(at, every, int(DAY * 1.5 / every), account="victim", block=lambda _: dice.choice(bots))


def slow_list_from_one_network(dice, at):
    every = dice.uniform(120, 500)
    return _tries(at, every, int(DAY * 1.5 / every), account=lambda each: f"v{each}", block="203.0.113.0/24")


def slow_list_from_a_botnet(dice, at):
    """Each network once in hours; a mixed list."""
    every, share = 60 / dice.uniform(1.5, 8), dice.uniform(0.5, 0.9)
    bots = _networks(dice, 2000)
    tries = _tries(
        at, every, int(DAY * 1.5 / every), account=lambda each: f"v{each}", block=lambda _: dice.choice(bots)
    )
    return [replace(each, is_unknown=dice.random() < share) for each in tries]


def slow_list_of_members_only(dice, at):
    every = 60 / dice.uniform(6, 20)
    bots = _networks(dice, 2000)
    return _tries(at, every, int(DAY * 1.5 / every), account=lambda each: f"v{each}", block=lambda _: dice.choice(bots))


def slow_takeovers_from_elsewhere(dice, at):
    """Stolen sign-ins that work, used one after the other."""
    every = dice.uniform(2, 20)
    return [
        Happening(at=at + n * every, what=What.SIGNED_IN, account=f"v{n}", block=f"198.51.{n % 250}.0/24", country="NZ")
        for n in range(int(6 * HOUR / every))
    ]


def slow_refunds(dice, at):
    every = dice.uniform(200, 700)
    return [Happening(at=at + n * every, what=What.REFUNDED) for n in range(int(DAY * 1.5 / every))]


def slow_refunds_by_an_insider(dice, at):
    every = dice.uniform(300, 1200)
    return [
        Happening(at=at + n * every, what=What.REFUND_ASKED, actor="insider") for n in range(int(DAY * 1.5 / every))
    ]


def slow_deleting(dice, at):
    every = dice.uniform(120, 800)
    return [Happening(at=at + n * every, what=What.DELETED, actor="vandal") for n in range(int(DAY * 1.5 / every))]


def slow_copying_of_films(dice, at):
    every = dice.uniform(8, 60)
    return [Happening(at=at + n * every, what=What.LICENCE, actor="copier") for n in range(int(DAY * 1.5 / every))]


SHAPES = [make for name, make in list(globals().items()) if name.startswith(("fast_", "slow_"))]
