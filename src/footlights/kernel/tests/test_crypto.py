import pytest

from footlights.kernel.crypto import SealBrokenError, seal, seal_bulk, unseal, unseal_bulk


def test_what_was_sealed_opens_in_its_own_context() -> None:
    assert unseal(seal(b"secret", context="content-key:1"), context="content-key:1") == b"secret"


def test_a_seal_does_not_open_in_another_context() -> None:
    with pytest.raises(SealBrokenError):
        unseal(seal(b"secret", context="content-key:1"), context="content-key:2")


def test_a_flipped_bit_breaks_the_seal() -> None:
    sealed = bytearray(seal(b"secret", context="c"))
    sealed[-1] ^= 1
    with pytest.raises(SealBrokenError):
        unseal(bytes(sealed), context="c")


def test_sealing_twice_gives_different_ciphertexts() -> None:
    assert seal(b"secret", context="c") != seal(b"secret", context="c")


def test_bulk_opens_in_its_own_context_only() -> None:
    sealed = bytes(seal_bulk(memoryview(b"film" * 1000), context="a"))
    assert b"film" not in sealed
    assert unseal_bulk(sealed, context="a") == b"film" * 1000
    with pytest.raises(SealBrokenError):
        unseal_bulk(sealed, context="b")


@pytest.mark.parametrize("position", [0, 10, -1, -20])
def test_altered_bulk_does_not_open(position: int) -> None:
    sealed = seal_bulk(b"film", context="a")
    sealed[position] ^= 1
    with pytest.raises(SealBrokenError):
        unseal_bulk(bytes(sealed), context="a")
    with pytest.raises(SealBrokenError):
        unseal_bulk(bytes(sealed[:30]), context="a")
