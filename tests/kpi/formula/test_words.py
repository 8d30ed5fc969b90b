import pytest

from kpi.formula.compiler import compile_formula
from kpi.formula.words import condition_words


@pytest.mark.parametrize(
    ("condition", "english", "chinese"),
    [
        ("wait_s < 30", "waiting time under 30 s", "等待时长小于 30 秒"),
        ("wait_s >= 1000", "waiting time at least 1,000 s", "等待时长不低于 1,000 秒"),
        ('queue == "loans"', "queue “loans”", "队列为“loans”"),
        ('channel != "email"', "channel not e-mail", "渠道不为邮件"),
        ('channel not in ("chat", "email")', "channel not among chat or e-mail",
         "渠道不属于在线聊天或邮件"),
        ("answered == False", "not answered", "未接听"),
        ("answered != False", "answered", "已接听"),
        ("wait_s is None", "waiting time not recorded", "等待时长无记录"),
        ("answered and (resolved or transferred)", "answered, (resolved or transferred)",
         "已接听、（已解决或已转接）"),
        ("not (answered and resolved)", "not (answered, resolved)", "非（已接听、已解决）"),
        ("next_contact_s <= 7 * 86400", "time to the customer's next contact at most 7 days",
         "客户再次联系间隔不超过 7 天"),
        ("talk_s > 2 * hold_s", "talk time over 2 × hold time", "通话时长大于 2 × 保持时长"),
        ("wait_s > 86400", "waiting time over 24 h", "等待时长大于 24 小时"),
        ("wait_s > 7200", "waiting time over 2 h", "等待时长大于 2 小时"),
        ('day >= "2026-10-01"', "day not before 2026-10-01", "日期不早于2026-10-01"),
        ("day >= period_start", "day not before the start of the period", "日期不早于期初"),
        ("True", "yes", "是"),
    ],
)  # fmt: skip
def test_condition_is_said_in_words(condition, english, chinese):
    (measure,) = compile_formula(f"count(contacts, where={condition})").measures

    assert condition_words(measure.where, "en") == english
    assert condition_words(measure.where, "zh-hans") == chinese


def test_one_point_is_said_in_the_singular():
    one, more = (
        compile_formula(f"count(surveys, where=attitude >= {points})").measures[0].where
        for points in (1, 2)
    )

    assert condition_words(one, "en") == "score for attitude at least 1 point"
    assert condition_words(more, "en") == "score for attitude at least 2 points"
