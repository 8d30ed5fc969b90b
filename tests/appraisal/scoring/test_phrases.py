import re

import pytest

from appraisal.scoring.phrases import PHRASES, say

FIELD = re.compile(r"\{(\w+)\}")


@pytest.mark.parametrize("key", PHRASES)
def test_both_languages_name_the_same_figures(key):
    english, chinese = (set(FIELD.findall(text)) for text in PHRASES[key])

    assert english == chinese


def test_single_event_is_told_in_the_singular():
    assert say("next.events", "en", count="1", points="1", gain="1").startswith("With one event")


def test_spaces_between_chinese_words_are_closed():
    text = say("steps.none.lower", "zh-hans", low="24 小时")

    assert text == "超过 24 小时的，本项不得分。"


@pytest.mark.parametrize(
    ("full", "told"),
    [
        ("1", "The item gives 0.50 of 1 point."),
        ("1.50", "The item gives 0.50 of 1.50 points."),
        ("11", "The item gives 0.50 of 11 points."),
    ],
)
def test_english_says_one_point(full, told):
    assert say("result", "en", points="0.50", full=full) == told


def test_one_event_that_takes_everything_is_told_in_the_singular():
    told = say("deduction.zero", "en", zero_at="1", count="1")

    assert told == "From 1 event on the item gives no points; there was one."
