"""What the columns of a template mean and may hold, in English and Chinese side by side."""

from __future__ import annotations

from typing import Final

from kpi.intake.fields import Spec

TITLES: Final = (
    "Column 列名",
    "Meaning",
    "含义",
    "May hold",
    "可填内容",
    "Required 是否必填",
)
NEEDED: Final = ("yes", "必填")
NOT_NEEDED: Final = ("no", "选填")
_HOLDS: Final[dict[str, tuple[str, str]]] = {
    "text": ("text", "文字"),
    "flag": ("yes or no; empty is not known", "是或否；留空表示不清楚"),
    "seconds": (
        "whole seconds; or in the whole column hours:minutes:seconds, such as 0:03:20",
        "秒数（整数）；也可整列写成时:分:秒，如 0:03:20",
    ),
    "moment": ("date and time, such as 2026-10-05 09:30", "日期和时间，如 2026-10-05 09:30"),
    "date": ("a date, such as 2026-10-05", "日期，如 2026-10-05"),
    "agent": (
        "staff number, or e-mail address or full name on record",
        "工号，也可写登记的邮箱或姓名",
    ),
    "customer": (
        "number or account; only a digest and the last four characters are kept",
        "客户号码或账号；只保存摘要和后四位",
    ),
}
NOTES: Final[dict[tuple[str, str], tuple[str, str]]] = {
    ("", "external_id"): (
        "Any number or text that no other row of the file has; it is taken in once.",
        "任意编号，每行不同；同一编号只导入一次。",
    ),
    ("", "item"): (
        "One column for each criterion of the form, its code behind “item:”; the points given.",
        "质检表的每个评分项一列，“item:”后写评分项代码；填得分。",
    ),
    ("events", "quantity"): ("Empty counts as 1.", "留空按 1 计。"),
    ("events", "date"): ("The day it happened.", "发生当天。"),
    ("events", "amount"): ("Money, where the event has any.", "涉及的金额。"),
    ("figures", "figure"): (
        "Code of the figure, such as business; KPIs name it so.",
        "数值代码，如 business；指标公式按此代码取数。",
    ),
    ("figures", "agent"): ("Empty: the figure is the whole centre's.", "留空表示全中心的数值。"),
    ("figures", "date"): (
        "Any day of the period; it belongs to the position held most days of that month.",
        "期间内任意一天；数值归入该月任职天数最多的岗位。",
    ),
    ("figures", "period"): ("Such as 2026-10; for reading only.", "如 2026-10，仅供查看。"),
    ("figures", "value"): (
        "The figure itself; may be empty where both of its sides are given.",
        "数值本身；分子和分母都填写时可留空。",
    ),
    ("figures", "numerator"): (
        "What was reached, where it is a share.",
        "比率的分子（实际完成）。",
    ),
    ("figures", "denominator"): ("What was planned, where it is a share.", "比率的分母（计划）。"),
    ("reviews", "score"): ("Of the whole form, in percent.", "整张质检表的得分，按百分制。"),
    ("reviews", "fatal"): ("An error that fails the whole contact.", "一票否决的差错。"),
    ("reviews", "form"): ("Code of the form, such as service.", "质检表代码，如 service。"),
    ("shifts", "protected"): (
        "Absence that must not lower a score, such as sick leave.",
        "不得影响考核的缺勤，如病假。",
    ),
    ("shifts", "leave_days"): ("0, 0.5 or 1 on this day.", "当天请假：0、0.5 或 1。"),
    ("tickets", "upheld"): ("The complaint was justified.", "投诉成立（有责）。"),
    ("tickets", "outcome_score"): (
        "How satisfied the customer is with the outcome, in percent.",
        "客户对处理结果的满意度，按百分制。",
    ),
    ("trainings", "score"): (
        "In percent; of a typing test, words a minute.",
        "按百分制；打字测试填每分钟字数。",
    ),
    ("surveys", "scale"): ("On which the score was given.", "评分所用的分制。"),
    ("contacts", "sales"): ("Sales made in this contact.", "本次联络成交笔数。"),
}


def may_hold(spec: Spec) -> tuple[str, str]:
    """What a column without codes may hold; of a number its least and its greatest value."""
    if spec.type not in {"whole", "decimal"}:
        return _HOLDS[spec.type]
    english, chinese = "number", "数字"
    if spec.type == "whole":
        english, chinese = "whole number", "整数"
    if spec.places:
        english, chinese = f"{english}, {spec.places} decimals", f"{chinese}，{spec.places} 位小数"
    if spec.lowest is None or spec.highest is None or spec.highest > 100_000:
        return english, chinese
    limits = (spec.lowest, spec.highest)
    return "{}, {} to {}".format(english, *limits), "{}，{} 至 {}".format(chinese, *limits)
