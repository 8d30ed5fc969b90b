"""What is wrong with a formula, said in Chinese; English stands in :mod:`kpi.formula.errors`."""

from __future__ import annotations

import re
from typing import Final

from kpi.formula.errors import FormulaError

MESSAGES_ZH: Final[dict[str, str]] = {
    "empty": "公式为空。示例：count(contacts, where=answered)。",
    "too_long": "公式有 {length} 个字符，最多 {limit} 个。",
    "too_deep": "公式嵌套超过 {limit} 层。",
    "too_large": "公式超过 {limit} 个部分，请拆成两个指标。",
    "syntax": "此处无法读懂，请检查括号、引号和逗号。",
    "comment": "公式里不能写注释，请写在指标说明里。",
    "not_allowed": "公式语言里没有这种写法：{what}。",
    "bad_number": "数字只写数字和至多一个小数点，例如 30 或 0.5。",
    "unknown_fact": "没有名为 {name} 的数据类别。{hint}可用：{allowed}。",
    "unknown_field": "{fact} 没有字段 {name}。{hint}可用：{allowed}。",
    "unknown_function": "没有函数 {name}。{hint}可用：{allowed}。",
    "field_outside": "字段 {name} 不能单独出现，请先写数据类别：{allowed}。",
    "fact_in_where": "在 where= 里字段单独写：写 {field}，不写 {fact}.{field}。",
    "two_facts": "一个度量只针对一类数据：这里是 {fact}，不能同时用 {other}。",
    "fact_alone": "{function}() 需要字段或表达式，例如 {example}。",
    "count_needs_fact": "count() 里写数据类别，例如 count(contacts, where=answered)。",
    "not_an_aggregate": "数据行要先计数或求和。可用：{allowed}。",
    "nothing_measured": "公式没有度量任何数据。示例：count(contacts)。",
    "arguments": "{function}() 的写法是 {usage}。",
    "unknown_argument": "{function}() 在这里没有参数 {name}，写法是 {usage}。",
    "needs_number": "{function}() 需要数字，而这里给的是{kind}。{hint}",
    "needs_condition": "这里需要条件，而这是{kind}。{hint}",
    "needs_text": "{function}() 需要带引号的代码，例如 {example}。",
    "cannot_compare": "这两者不能比较：{left}与{right}。{hint}",
    "cannot_order": "{kind}没有大小之分，只能用 ==、!= 和 in。",
    "unknown_code": "{field} 不会是 {value}。{hint}可用：{allowed}。",
    "bad_date": "{value} 不是日期，请写成 {example} 这样。",
    "compare_none": "请写 {field} is None 或 {field} is not None。",
    "is_needs_field": "只有字段可以用 is None 或 is not None 判断。",
    "in_needs_list": "in 后面是括号里的一组值，例如 {example}。",
    "cannot_calculate": "{operator} 两边都要是数字，而这里是{kind}。",
    "unit_mismatch": "{left}与{right}不能相加、相减或比较。",
    "unit_product": "{left}乘以{right}，作为指标没有意义。",
    "unit_root": "{unit}的平方根，作为指标没有意义。",
    "zero_division": "不能除以零。",
    "percentile_range": "百分位数大于 0 且小于 100，例如 90。",
    "scope_nested": "{inner}() 不能放在 {outer}() 里面。",
    "over_alone": "over() 按 {grain} 各给一个值，请放在以下函数之一里面：{allowed}。",
    "over_where": "{function}() 里的 over() 不能带 where=，请写在度量里。",
    "unknown_grain": "over() 可按 {allowed}，不能按 {name}。",
    "imported_needs_fact": "imported() 以数据类别开头。可用：{allowed}。",
    "bad_code": "代码由小写字母、数字和下划线组成，不能是 {value}。",
}
_WORDS_ZH: Final = {
    "a number": "数字",
    "a yes/no value": "是否值",
    "a text": "文本",
    "a code": "代码",
    "a date": "日期",
    "a moment": "时刻",
    "None": "空值",
    "this": "这里的写法",
    "this call": "这个调用",
    "an f-string": "f 字符串",
    "an index in square brackets": "方括号取值",
    "a dotted name": "带点的名称",
    "a dictionary": "字典",
    "a list": "列表",
    "a list of values": "一组值",
    "a set": "集合",
    "a comprehension": "推导式",
    "a comparison between measures": "度量之间的比较",
    "and / or between measures": "度量之间的 and / or",
    "& (write and)": "&（请写 and）",
    "| (write or)": "|（请写 or）",
    "~ (write not)": "~（请写 not）",
    "+ before a value": "值前面的 +",
    "a value of this kind": "这类值",
}
_HINTS_ZH: Final = (
    (re.compile(r" Did you mean (\S+)\?"), r"是否想写 \1？"),
    (re.compile(r" Count the rows instead: (.+)\."), r"请改为计数：\1。"),
    (re.compile(r" Compare it, or write (.+)\."), r"请与某个值比较，或写 \1。"),
    (re.compile(r" Compare the day instead\."), "请改为比较日期。"),
    (
        re.compile(r" Choose people on the page; a formula holds for everybody\."),
        "人员请在页面上选择，公式对所有人有效。",
    ),
)


def message_of(error: FormulaError, language: str) -> str:
    """What is wrong, in a language; English where there are no words of it."""
    template = MESSAGES_ZH.get(error.code)
    if not language.startswith("zh") or template is None:
        return error.message
    return template.format(**{name: _word(text) for name, text in error.params.items()})


def _word(text: str) -> str:
    for pattern, chinese in _HINTS_ZH:
        if pattern.fullmatch(text):
            return pattern.sub(chinese, text)
    return _WORDS_ZH.get(text, text)
