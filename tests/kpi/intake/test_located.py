import pytest

from kpi.intake.located import BadText, read_yaml


@pytest.mark.parametrize("text", ["[" * 60_000, "kind: " + "{a: " * 15_000, "a:\n" + "- " * 30_000])
def test_text_that_goes_too_deep_is_refused_at_once(text):
    with pytest.raises(BadText) as refused:
        read_yaml(text)

    assert "too deep" in refused.value.problem.message


def test_reference_that_would_make_the_text_endless_is_refused():
    with pytest.raises(BadText) as refused:
        read_yaml("a: &a [x, x]\nb: &b [*a, *a]\nkind: [*b, *b]\n")

    assert refused.value.problem.line == 2


@pytest.mark.parametrize("written", ["9" * 5_000, '!!int "²"', '!!int "-"', "1_000"])
def test_whole_number_that_cannot_be_read_stays_a_word(written):
    block = read_yaml(f"talk_s: {written}\n")

    assert isinstance(block["talk_s"].value, str)


def test_whole_number_is_read():
    block = read_yaml("header: 2\nshift: -15\n")

    assert (block["header"].value, block["shift"].value) == (2, -15)


@pytest.mark.parametrize("written", ['a: "\\ud800"', '"\\ud800": a', 'a: ["\\0"]'])
def test_character_that_is_no_text_is_refused(written):
    with pytest.raises(BadText) as refused:
        read_yaml(written)

    assert refused.value.problem.line == 1
