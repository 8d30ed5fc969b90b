"""The sentences that explain a line, in both languages.

A key ending in ``.one`` is used where the count in the sentence is one.
"""

import re
from collections.abc import Mapping

from appraisal.scoring.term_phrases import TERM_PHRASES
from appraisal.scoring.wording import is_chinese

PHRASES: dict[str, tuple[str, str]] = {
    "measured": ("The value is {value}.", "实际值为 {value}。"),
    "measured.sample": (
        "The value is {value}, from {sample} {noun}.",
        "实际值为 {value}，依据 {sample} {noun}。",
    ),
    "measured.ratio": (
        "{numerator} of {denominator} {noun} count: {value}.",
        "{denominator} {noun}中有 {numerator} 计入，即 {value}。",
    ),
    "measured.plan": (
        "{numerator} of {denominator} planned: {value}.",
        "计划 {denominator}，实际 {numerator}，即 {value}。",
    ),
    "measured.part": (
        "{numerator} of {denominator}: {value}.",
        "{denominator} 中占 {numerator}，即 {value}。",
    ),
    "result": (
        "The item gives {points} of {full} points.",
        "本项得 {points} 分（满分 {full} 分）。",
    ),
    "steps.between.higher": (
        "From {low} up to, but not including, {high} the item gives {points} of {full} points.",
        "{low} 以上、不到 {high} 的，本项得 {points} 分（满分 {full} 分）。",
    ),
    "steps.top.higher": (
        "From {low} on the item gives {points} of {full} points.",
        "达到 {low} 的，本项得 {points} 分（满分 {full} 分）。",
    ),
    "steps.none.higher": (
        "Below {high} the item gives no points.",
        "不到 {high} 的，本项不得分。",
    ),
    "steps.between.lower": (
        "Up to {high}, but over {low}, the item gives {points} of {full} points.",
        "超过 {low}、不超过 {high} 的，本项得 {points} 分（满分 {full} 分）。",
    ),
    "steps.top.lower": (
        "Up to {high} the item gives {points} of {full} points.",
        "不超过 {high} 的，本项得 {points} 分（满分 {full} 分）。",
    ),
    "steps.none.lower": (
        "Over {low} the item gives no points.",
        "超过 {low} 的，本项不得分。",
    ),
    "level": ("This is the level {level}.", "评级为“{level}”。"),
    "level.none": ("This is below the level {level}.", "未达到“{level}”。"),
    "linear.rule": (
        "The item gives nothing at {worst} and everything at {best}, evenly in between.",
        "{worst} 不得分，{best} 得满分，中间按比例计分。",
    ),
    "linear.way": (
        "{value} is {way} of the way: {points} of {full} points.",
        "{value} 相当于全程的 {way}，得 {points} 分（满分 {full} 分）。",
    ),
    "linear.top": (
        "{best} is reached: {points} of {full} points.",
        "已达到 {best}，得 {points} 分（满分 {full} 分）。",
    ),
    "linear.none": (
        "{value} does not go beyond {worst}, so there are no points.",
        "{value} 未优于 {worst}，不得分。",
    ),
    "proportional.way": (
        "The target is {target}; {value} comes to {way} of it: {points} of {full} points.",
        "目标为 {target}，{value} 完成了 {way}，得 {points} 分（满分 {full} 分）。",
    ),
    "proportional.top": (
        "The target of {target} is reached: {points} of {full} points.",
        "已达到目标 {target}，得 {points} 分（满分 {full} 分）。",
    ),
    "proportional.floor": (
        "The target is {target}; below {floor} of it the item gives no points.",
        "目标为 {target}，完成不足 {floor} 时本项不得分。",
    ),
    "range.rule": (
        "Between {low} and {high} the item gives everything; "
        "from there it falls evenly to nothing at {zero_low} and {zero_high}.",
        "在 {low} 至 {high} 之间得满分，向两侧按比例递减，到 {zero_low} 或 {zero_high} 不得分。",
    ),
    "range.inside": (
        "{value} lies inside: {points} of {full} points.",
        "{value} 在此范围内，得 {points} 分（满分 {full} 分）。",
    ),
    "range.below": (
        "{value} lies {gap} below the range: {points} of {full} points.",
        "{value} 比下限少 {gap}，得 {points} 分（满分 {full} 分）。",
    ),
    "range.above": (
        "{value} lies {gap} above the range: {points} of {full} points.",
        "{value} 比上限多 {gap}，得 {points} 分（满分 {full} 分）。",
    ),
    "share.way": (
        "{value} of {of} gives {way} of the item: {points} of {full} points.",
        "{value}（满值 {of}），按 {way} 计分，得 {points} 分（满分 {full} 分）。",
    ),
    "deduction.none": (
        "Nothing was recorded, so nothing is taken off: {points} of {full} points.",
        "没有相关记录，不扣分，得 {points} 分（满分 {full} 分）。",
    ),
    "deduction.each": (
        "Each event takes {each} off: {count} events leave {points} of {full} points.",
        "共 {count} 次，每次扣 {each} 分，得 {points} 分（满分 {full} 分）。",
    ),
    "deduction.each.one": (
        "One event takes {each} off and leaves {points} of {full} points.",
        "共 1 次，扣 {each} 分，得 {points} 分（满分 {full} 分）。",
    ),
    "deduction.zero": (
        "From {zero_at} events on the item gives no points; there were {count}.",
        "达到 {zero_at} 次时本项不得分，共有 {count} 次。",
    ),
    "deduction.zero.one": (
        "From {zero_at} events on the item gives no points; there was one.",
        "达到 {zero_at} 次时本项不得分，共有 1 次。",
    ),
    "bonus.none": (
        "Nothing was recorded; each event would earn {each} of {full} points.",
        "没有相关记录。每次可得 {each} 分，满分 {full} 分。",
    ),
    "bonus.each": (
        "Each event earns {each}: {count} events make {points} of {full} points.",
        "共 {count} 次，每次得 {each} 分，得 {points} 分（满分 {full} 分）。",
    ),
    "bonus.each.one": (
        "One event earns {points} of {full} points.",
        "共 1 次，得 {points} 分（满分 {full} 分）。",
    ),
    "veto.kept": (
        "The grade is limited from {at} on; that was not reached.",
        "达到 {at} 时总评受限，本期未达到。",
    ),
    "veto.broken": (
        "From {at} on the grade is limited, whatever the total.",
        "已达到 {at}，无论总分多少，总评均受限。",
    ),
    "moved": (
        "The item counts {full} points instead of {weight}, "
        "because the weight of items without a score was shared out.",
        "没有得分的考核项的权重已分摊，本项由 {weight} 分增至 {full} 分。",
    ),
    "scaled": (
        "The weights of the scheme are scaled to 100, so the item counts {full} points.",
        "方案权重已折算为 100 分，本项为 {full} 分。",
    ),
    "by_days": (
        "This position counts {days} of {all} days, so the item counts {stated} points "
        "instead of {weight}.",
        "本岗位占 {all} 天中的 {days} 天，因此本项为 {stated} 分，而不是 {weight} 分。",
    ),
    "next.rows": (
        "{rows} more of {denominator} {noun} would give {points} points, {gain} more.",
        "{denominator} {noun}中再多 {rows}，可得 {points} 分，增加 {gain} 分。",
    ),
    "next.rows.plan": (
        "{rows} more of {denominator} planned would give {points} points, {gain} more.",
        "计划 {denominator}，实际再多 {rows}，可得 {points} 分，增加 {gain} 分。",
    ),
    "next.rows.part": (
        "{rows} more of {denominator} would give {points} points, {gain} more.",
        "{denominator} 中再多 {rows}，可得 {points} 分，增加 {gain} 分。",
    ),
    "next.fewer": (
        "{rows} fewer of {denominator} {noun} would give {points} points, {gain} more.",
        "{denominator} {noun}中减少 {rows}，可得 {points} 分，增加 {gain} 分。",
    ),
    "next.fewer.plan": (
        "{rows} fewer of {denominator} planned would give {points} points, {gain} more.",
        "计划 {denominator}，实际减少 {rows}，可得 {points} 分，增加 {gain} 分。",
    ),
    "next.fewer.part": (
        "{rows} fewer of {denominator} would give {points} points, {gain} more.",
        "{denominator} 中减少 {rows}，可得 {points} 分，增加 {gain} 分。",
    ),
    "small": (
        "{sample} {noun}: too few to judge, so the item gives no points and costs none; "
        "its weight went to other items.",
        "仅有 {sample} {noun}，样本过少，本项不计分也不扣分，权重已分给其他考核项。",
    ),
    "small.needs": (
        "{sample} {noun}: too few to judge, at least {needs} are needed; the item gives no "
        "points and costs none, its weight went to other items.",
        "仅有 {sample} {noun}，至少需要 {needs}，样本过少。"
        "本项不计分也不扣分，权重已分给其他考核项。",
    ),
    "no_data": (
        "There is nothing to measure in this period; "
        "the item gives no points and costs none, its weight went to other items.",
        "本期没有可考核的数据。本项不计分也不扣分，权重已分给其他考核项。",
    ),
    "no_data.zero": (
        "There is nothing to measure in this period, and the scheme gives 0 points then.",
        "本期没有数据，按方案规定本项计 0 分。",
    ),
    "awaited": (
        "The data for this item has not come in yet, so the total is provisional.",
        "本项数据尚未导入，总分为暂定结果。",
    ),
    "not_applicable": (
        "This item does not apply here; its weight went to other items.",
        "本项不适用，权重已分给其他考核项。",
    ),
    "not_available": (
        "This KPI cannot be computed here; its weight went to other items.",
        "该指标暂时无法计算，权重已分给其他考核项。",
    ),
    "not_measurable": (
        "No source gives what this KPI needs, so it cannot be measured in this period; "
        "the item gives no points and costs none, its weight went to other items.",
        "本期没有任何数据来源提供该指标所需的内容，无法测量。本项不计分也不扣分，权重已分给其他考核项。",
    ),
    "lift.rows": (
        "{from_value} to {to_value}: {rows} more of {denominator} {noun}.",
        "由 {from_value} 升至 {to_value}：{denominator} {noun}中再多 {rows}。",
    ),
    "lift.rows.plan": (
        "{from_value} to {to_value}: {rows} more of {denominator} planned.",
        "由 {from_value} 升至 {to_value}：计划 {denominator}，实际再多 {rows}。",
    ),
    "lift.rows.part": (
        "{from_value} to {to_value}: {rows} more of {denominator}.",
        "由 {from_value} 升至 {to_value}：{denominator} 中再多 {rows}。",
    ),
    "lift.fewer": (
        "{from_value} to {to_value}: {rows} fewer of {denominator} {noun}.",
        "由 {from_value} 降至 {to_value}：{denominator} {noun}中减少 {rows}。",
    ),
    "lift.fewer.plan": (
        "{from_value} to {to_value}: {rows} fewer of {denominator} planned.",
        "由 {from_value} 降至 {to_value}：计划 {denominator}，实际减少 {rows}。",
    ),
    "lift.fewer.part": (
        "{from_value} to {to_value}: {rows} fewer of {denominator}.",
        "由 {from_value} 降至 {to_value}：{denominator} 中减少 {rows}。",
    ),
    "next.up": (
        "At {to} the item would give {points} points, {gain} more.",
        "升至 {to}，可得 {points} 分，增加 {gain} 分。",
    ),
    "next.down": (
        "At {to} the item would give {points} points, {gain} more.",
        "降至 {to}，可得 {points} 分，增加 {gain} 分。",
    ),
    "next.events": (
        "With {count} events the item would give {points} points, {gain} more.",
        "{count} 次可得 {points} 分，增加 {gain} 分。",
    ),
    "next.events.one": (
        "With one event the item would give {points} points, {gain} more.",
        "1 次可得 {points} 分，增加 {gain} 分。",
    ),
    "next.events.none": (
        "Without an event the item would give {points} points, {gain} more.",
        "没有相关记录时可得 {points} 分，增加 {gain} 分。",
    ),
    "lift.up": (
        "{from_value} to {to_value}.",
        "由 {from_value} 升至 {to_value}。",
    ),
    "lift.down": (
        "{from_value} to {to_value}.",
        "由 {from_value} 降至 {to_value}。",
    ),
    "label.bands": (
        "steps",
        "分档",
    ),
    "label.levels": (
        "levels",
        "分级",
    ),
    "label.linear": (
        "linear {worst} to {best}",
        "线性 {worst} 至 {best}",
    ),
    "label.proportional": (
        "in proportion to {target}",
        "按目标 {target} 的比例",
    ),
    "label.range": (
        "{low} to {high}",
        "{low} 至 {high}",
    ),
    "label.share": (
        "share of {of}",
        "按 {of} 的比例",
    ),
    "label.deduction": (
        "{points} off each",
        "每次扣 {points} 分",
    ),
    "label.bonus": (
        "{points} for each",
        "每次加 {points} 分",
    ),
    "label.veto": (
        "limits the grade from {at}",
        "达到 {at} 限制总评",
    ),
    "noun": ("cases", "条记录"),
    "noun.one": ("case", "条记录"),
    **TERM_PHRASES,
}


BETWEEN_CHINESE = re.compile(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")
"""A space between two Chinese characters, left over where a figure ends in a Chinese unit."""


_COUNTED = re.compile(r"\{(\w+)\} (point|event)s\b")


def say(key: str, language: str, **fields: str) -> str:
    """Fill a sentence; its ``.one`` form is taken where ``count`` is one.

    English says ``1 point`` and ``1 event``; ``0.5`` and ``1.50`` are many.
    """
    if fields.get("count") == "1" and f"{key}.one" in PHRASES:
        key = f"{key}.one"
    english, chinese = PHRASES[key]
    if is_chinese(language):
        return BETWEEN_CHINESE.sub("", chinese.format(**fields))
    return _COUNTED.sub(lambda found: _counted(found, fields), english).format(**fields)


def _counted(found: re.Match[str], fields: Mapping[str, str]) -> str:
    field, noun = found.groups()
    return f"{{{field}}} {noun}" if fields.get(field) == "1" else found[0]
