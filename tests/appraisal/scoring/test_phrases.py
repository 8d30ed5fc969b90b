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
