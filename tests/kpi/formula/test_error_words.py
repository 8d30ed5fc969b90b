import re

import pytest

from kpi.formula import FormulaError, compile_formula
from kpi.formula.error_words import MESSAGES_ZH, message_of
from kpi.formula.errors import MESSAGES


def placeholders(text):
    return set(re.findall(r"{(\w+)}", text))


def test_every_message_has_chinese_words_with_the_same_placeholders():
    assert {code: placeholders(text) for code, text in MESSAGES_ZH.items()} == {
        code: placeholders(text) for code, text in MESSAGES.items()
    }


@pytest.mark.parametrize(
    ("formula", "chinese"),
    [
        ("", "公式为空。示例：count(contacts, where=answered)。"),
        ("count(contact)", "没有名为 contact 的数据类别。是否想写 contacts？可用："),
        ("sum(contacts.answered)", "sum() 需要数字，而这里给的是是否值。"),
    ],
)
def test_an_error_is_said_in_chinese(formula, chinese):
    with pytest.raises(FormulaError) as caught:
        compile_formula(formula)

    assert message_of(caught.value, "zh-hans").startswith(chinese)
    assert message_of(caught.value, "en") == caught.value.message
