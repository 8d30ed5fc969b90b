"""Sentences about peers, conditions, points taken off and months, in both languages."""

TERM_PHRASES: dict[str, tuple[str, str]] = {
    "peers.gap.above": (
        "The average of the peers is {average}; {value} is {gap} above it.",
        "同岗同班平均值为 {average}，{value} 比平均值高 {gap}。",
    ),
    "peers.gap.below": (
        "The average of the peers is {average}; {value} is {gap} below it.",
        "同岗同班平均值为 {average}，{value} 比平均值低 {gap}。",
    ),
    "peers.gap.just_above": (
        "The average of the peers is {average}; the value is just above it.",
        "同岗同班平均值为 {average}，实际值略高于平均值。",
    ),
    "peers.gap.just_below": (
        "The average of the peers is {average}; the value is just below it.",
        "同岗同班平均值为 {average}，实际值略低于平均值。",
    ),
    "peers.gap.none": (
        "The value is exactly the average of the peers, {average}.",
        "实际值正好等于同岗同班平均值 {average}。",
    ),
    "peers.top": (
        "At the average or better the item gives {points} of {full} points.",
        "达到平均值或更好的，本项得 {points} 分（满分 {full} 分）。",
    ),
    "peers.top.worse": (
        "Up to {high} worse than the average the item gives {points} of {full} points.",
        "比平均值差 {high} 以内的，本项得 {points} 分（满分 {full} 分）。",
    ),
    "peers.top.better": (
        "From {high} better than the average on the item gives {points} of {full} points.",
        "优于平均值 {high} 以上的，本项得 {points} 分（满分 {full} 分）。",
    ),
    "peers.near": (
        "Worse than the average by up to {high}, the item gives {points} of {full} points.",
        "比平均值差 {high} 以内的，本项得 {points} 分（满分 {full} 分）。",
    ),
    "peers.between": (
        "Worse than the average by more than {low} and up to {high}, "
        "the item gives {points} of {full} points.",
        "比平均值差 {low} 以上、不超过 {high} 的，本项得 {points} 分（满分 {full} 分）。",
    ),
    "peers.short": (
        "Less than {low} better than the average the item gives {points} of {full} points.",
        "优于平均值不到 {low} 的，本项得 {points} 分（满分 {full} 分）。",
    ),
    "peers.none": (
        "Worse than the average by more than {low} the item gives no points.",
        "比平均值差 {low} 以上的，本项不得分。",
    ),
    "peers.none.average": (
        "Worse than the average the item gives no points.",
        "差于平均值的，本项不得分。",
    ),
    "peers.none.better": (
        "Less than {low} better than the average the item gives no points.",
        "优于平均值不到 {low} 的，本项不得分。",
    ),
    "not_applicable.peers": (
        "There are too few peers for an average, so this item does not apply; "
        "its weight went to other items.",
        "同岗同班人数过少，无法计算平均值，本项不适用，权重已分给其他考核项。",
    ),
    "label.peers": ("against the peers’ average", "与同岗同班平均值比较"),
    "condition.when": (" on {on}", "在{on}"),
    "condition.met.zero": (
        "{name} came to {value}{when}; {limit} the item gives no points.",
        "{name}{when}为 {value}，{limit}，本项得 0 分。",
    ),
    "condition.met.no_stars": (
        "{name} came to {value}{when}; {limit} no stars are given. The points stay.",
        "{name}{when}为 {value}，{limit}，本期不评星，本项得分不变。",
    ),
    "condition.met.both": (
        "{name} came to {value}{when}; {limit} the item gives no points, "
        "and no stars are given for the period.",
        "{name}{when}为 {value}，{limit}，本项得 0 分，本期也不评星。",
    ),
    "condition.unmet.zero": (
        "{name} came to {value}; {limit} the item would give no points.",
        "{name}为 {value}；若{limit}，本项得 0 分。",
    ),
    "condition.unmet.no_stars": (
        "{name} came to {value}; {limit} no stars would be given.",
        "{name}为 {value}；若{limit}，本期不评星。",
    ),
    "condition.unmet.both": (
        "{name} came to {value}; {limit} the item would give no points, "
        "and there would be no stars.",
        "{name}为 {value}；若{limit}，本项得 0 分，本期也不评星。",
    ),
    "condition.unknown": (
        "{name} is not known for this period, so it changes nothing.",
        "本期没有“{name}”的数据，不受其影响。",
    ),
    "condition.rule.zero": (
        "{name}: {limit} the item gives no points.",
        "{name}{limit} 时，本项得 0 分。",
    ),
    "condition.rule.no_stars": (
        "{name}: {limit} no stars are given.",
        "{name}{limit} 时，本期不评星。",
    ),
    "condition.rule.both": (
        "{name}: {limit} the item gives no points, and no stars are given.",
        "{name}{limit} 时，本项得 0 分，本期也不评星。",
    ),
    "limit.above": ("over {threshold}", "超过 {threshold}"),
    "limit.at_least": ("from {threshold} on", "达到 {threshold}"),
    "limit.below": ("under {threshold}", "低于 {threshold}"),
    "limit.at_most": ("up to {threshold}", "不超过 {threshold}"),
    "next.without": (
        "Without that the item would give {would} of {full} points.",
        "若无此情况，本项可得 {would} 分（满分 {full} 分）。",
    ),
    "deduction.points": (
        "{count} points are taken off and leave {points} of {full} points.",
        "共扣 {count} 分，得 {points} 分（满分 {full} 分）。",
    ),
    "deduction.points.one": (
        "One point is taken off and leaves {points} of {full} points.",
        "共扣 1 分，得 {points} 分（满分 {full} 分）。",
    ),
    "deduction.points.zero": (
        "From {zero_at} points off on the item gives no points; there were {count}.",
        "扣分达到 {zero_at} 分时本项不得分，共扣 {count} 分。",
    ),
    "deduction.points.zero.one": (
        "From {zero_at} points off on the item gives no points; there was one.",
        "扣分达到 {zero_at} 分时本项不得分，共扣 1 分。",
    ),
    "next.points": (
        "With {count} points taken off the item would give {points} points, {gain} more.",
        "扣分减至 {count} 分，可得 {points} 分，增加 {gain} 分。",
    ),
    "next.points.one": (
        "With one point taken off the item would give {points} points, {gain} more.",
        "扣分减至 1 分，可得 {points} 分，增加 {gain} 分。",
    ),
    "next.points.none": (
        "With nothing taken off the item would give {points} points, {gain} more.",
        "不扣分时可得 {points} 分，增加 {gain} 分。",
    ),
    "month": (
        "The total of the month was {value}. The month counts for {full} of 100 points, "
        "so it gives {points}.",
        "当月总分为 {value}，在 100 分中占 {full} 分，折合 {points} 分。",
    ),
    "month.shared": (
        "It counts more than its own share, because months without a total are left out.",
        "没有总分的月份不计入，本月占比相应增加。",
    ),
    "month.next": (
        "One point more in the month would give {gain} more here.",
        "当月总分每多 1 分，此处增加 {gain} 分。",
    ),
    "month.none": (
        "The month has no total, so it is left out and the others count the more.",
        "当月没有总分，不计入，其余月份的占比相应增加。",
    ),
    "month.awaited": (
        "The month has not been computed yet, so the total is provisional.",
        "当月尚未计算，总分为暂定结果。",
    ),
    "month.not_applicable": (
        "There was no scorecard in that month, so it is left out and the others count the more.",
        "当月没有绩效记分卡，不计入，其余月份的占比相应增加。",
    ),
}
