"""The sentences that explain pay, in English and Chinese."""

from appraisal.scoring.phrases import BETWEEN_CHINESE
from appraisal.scoring.wording import is_chinese

PHRASES: dict[str, tuple[str, str]] = {
    "open": ("(not set)", "（未设定）"),
    "and": (" and ", "，且"),
    "or": (" or ", " 或 "),
    "and.figures": ("; ", "；"),
    "comma": ("; ", "；"),
    "sentence": ("{text}.", "{text}。"),
    "unknown": ("unknown", "未知"),
    "unit.min": (" min", " 分钟"),
    "unit.s": (" s", " 秒"),
    "unit.h": (" h", " 小时"),
    "unit.day": (" day", " 天"),
    "unit.days": (" days", " 天"),
    "unit.count": ("", ""),
    "unit.money": ("", ""),
    "unit.points": ("", ""),
    "unit.percent": ("", ""),
    "when.above": ("{name} above {threshold}", "{name}超过 {threshold}"),
    "when.at_least": ("{name} from {threshold} on", "{name}达到 {threshold}"),
    "when.below": ("{name} below {threshold}", "{name}低于 {threshold}"),
    "when.at_most": ("{name} no more than {threshold}", "{name}不超过 {threshold}"),
    "against.above": ("counts above {threshold}", "超过 {threshold} 才算"),
    "against.at_least": ("counts from {threshold} on", "达到 {threshold} 才算"),
    "against.below": ("counts below {threshold}", "低于 {threshold} 才算"),
    "against.at_most": ("counts up to {threshold}", "不超过 {threshold} 才算"),
    "lost.above": ("lost above {threshold}", "超过 {threshold} 即取消"),
    "lost.at_least": ("lost from {threshold} on", "达到 {threshold} 即取消"),
    "lost.below": ("lost below {threshold}", "低于 {threshold} 即取消"),
    "lost.at_most": ("lost at no more than {threshold}", "不超过 {threshold} 即取消"),
    "held": ("{name}: {value} ({against})", "{name} {value}（{against}）"),
    "limit.rule": ("At most {limit} in all.", "合计不超过 {limit}。"),
    "limit.bites": (
        "The line is limited to {limit}; without the limit it would be {full}.",
        "本项以 {limit} 为限，不设上限时为 {full}。",
    ),
    "pieces.each": ("{rate} for each {noun}.", "每{noun} {rate}。"),
    "pieces.to": ("Up to {end} {noun}: {rate} each.", "{end} {noun}以内，每{noun} {rate}。"),
    "pieces.beyond": (
        "Beyond {start} {noun}: {rate} each.",
        "超过 {start} {noun}的部分，每{noun} {rate}。",
    ),
    "pieces.free": ("The first {free} {noun} count for nothing.", "前 {free} {noun}不计。"),
    "pieces.sum": (
        "{quantity} {noun}: {sum} = {amount}.",
        "{quantity} {noun}：{sum} = {amount}。",
    ),
    "pieces.none": ("None.", "无。"),
    "pieces.unpaid": ("{quantity} {noun}: no amount.", "{quantity} {noun}，不产生金额。"),
    "steps.first": (
        "Under {high} each time: {rate} for each{unit}.",
        "每次不到 {high} 的，每{unit} {rate}。",
    ),
    "steps.only": ("{rate} for each{unit}.", "每{unit} {rate}。"),
    "steps.from": (
        "From {low} on, the whole of that time: {rate} for each{unit}.",
        "每次达到 {low} 的，全部时长每{unit} {rate}。",
    ),
    "limit.shift": ("{shifts} {at} {noun}", "{shifts} {at} {noun}"),
    "limit.times": (
        "{shifts} {at} {noun} each, at most {times} a day",
        "{shifts}每次 {at} {noun}，每天最多 {times} 次",
    ),
    "overrun": (
        "Allowed: {limits}. What lies beyond: {rate} for each {noun}.",
        "允许时长：{limits}。超出部分每{noun} {rate}。",
    ),
    "overrun.none": ("Nothing lies over the limit.", "没有超时。"),
    "overrun.sum": (
        "Times over the limit: {count}; in all {beyond} {noun} × {rate} = {amount}.",
        "超时 {count} 次，共 {beyond} {noun} × {rate} = {amount}。",
    ),
    "days": ("{amount} for each day with {when}.", "{when} 的，每天 {amount}。"),
    "days.sum": (
        "Days with {when}: {count} of {days}. {count} × {rate} = {amount}.",
        "{when} 的有 {count} 天（共 {days} 天）：{count} × {rate} = {amount}。",
    ),
    "days.none": (
        "Days with {when}: none of {days}.",
        "{days} 天中没有{when} 的。",
    ),
    "flat": ("{amount} with {when}.", "{when} 的，{amount}。"),
    "flat.met": ("So it comes to {amount}.", "金额为 {amount}。"),
    "flat.unmet": ("So there is no amount.", "不产生金额。"),
    "notice": ("Applies with {when}; no money.", "{when} 的适用，不涉及金额。"),
    "notice.met": ("So it applies; no money.", "因此适用，不涉及金额。"),
    "notice.unmet": ("So it does not apply.", "因此不适用。"),
    "award": ("{amount}; lost with {when}.", "{amount}；{when} 的取消。"),
    "award.kept": ("So the {amount} stay.", "保留 {amount}。"),
    "award.lost": ("So the {amount} are lost.", "{amount} 已取消。"),
    "table.row": ("{name}: {amount}", "{name} {amount}"),
    "state.awaited": (
        "The data for this line has not come in yet, so there is no amount and the net is "
        "provisional.",
        "本项数据尚未导入，暂无金额，合计为暂定。",
    ),
    "state.no_data": (
        "There is nothing to go by in this period, so there is no amount.",
        "本期没有依据，不产生金额。",
    ),
    "state.no_grade": ("There is no grade, so there is no amount.", "未定级，不产生金额。"),
    "state.no_stars": ("No stars were given, so there is no amount.", "本期未评星，不产生金额。"),
    "state.no_stars_at_all": (
        "The scheme of this position gives no stars, so there is no amount.",
        "本岗位的考核方案不评星，不产生金额。",
    ),
    "state.insufficient": (
        "There are too few cases to judge, so there is no amount.",
        "样本过少，不产生金额。",
    ),
    "state.not_applicable": ("This line does not apply here.", "本项不适用。"),
    "state.not_available": (
        "This figure cannot be computed here, so there is no amount.",
        "该数值暂时无法计算，不产生金额。",
    ),
    "state.not_measurable": (
        "No source gives what this figure needs, so it cannot be measured and there is no amount.",
        "没有任何数据来源提供该数值所需的内容，无法测量，不产生金额。",
    ),
}


def say(key: str, language: str, **fields: str) -> str:
    """Fill a sentence of one language."""
    chinese = is_chinese(language)
    sentence = PHRASES[key][chinese].format(**fields)
    return BETWEEN_CHINESE.sub("", sentence) if chinese else sentence
