"""Codes that people read to each other and type: no two letters look alike, and any way to type one is right."""

import secrets

UNMISTAKABLE = "23456789" + "ABCDEFGHJKMN" + "PQRSTUVWXYZ"  # no 0 and O, no 1, I and L
GROUPS, GROUP_LENGTH = 3, 4  # of 31 letters each: 7 · 10¹⁷ codes


def random_code() -> str:
    """Such as K7QM-2XRB-9HTD: unguessable, and opens what it is for to whoever comes with it."""
    return _grouped("".join(secrets.choice(UNMISTAKABLE) for _each in range(GROUPS * GROUP_LENGTH)))


def normal_code(typed: str) -> str:
    """Codes are the same in any case, with or without their hyphens and spaces."""
    return _grouped("".join(each for each in typed.upper() if each.isalnum()))


def _grouped(letters: str) -> str:
    return "-".join(letters[at : at + GROUP_LENGTH] for at in range(0, len(letters), GROUP_LENGTH))
