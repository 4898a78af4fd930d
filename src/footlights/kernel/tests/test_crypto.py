import pytest

from footlights.kernel.crypto import SealBrokenError, seal, unseal


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
