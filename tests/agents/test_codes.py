import pytest

from agents.codes import fits_address


@pytest.mark.parametrize("code", ["calls", "calls--7", "A_1", "x" * 64])
def test_letters_digits_and_dashes_fit(code):
    assert fits_address(code)


@pytest.mark.parametrize("code", ["", "a b", "a/b", "..", "接通", "a\n", "x" * 65])
def test_nothing_else_fits(code):
    assert not fits_address(code)
