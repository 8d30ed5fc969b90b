"""The kinds of facts and their fields: the names that formulas, mappings and pages share.

A field is declared once, here. Units are of one value of the field: ``s``, ``min``, ``h``,
``money``, ``percent``, ``count``, ``points`` or, where the source decides, None. Days of leave are
a count: each is charged like an occurrence.
``date`` of shifts, trainings and events is another word for their ``day``.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal[
    "int",
    "decimal",
    "bool",
    "text",
    "code",
    "date",
    "datetime",
    "agent",
    "team",
    "position",
    "shift",
    "batch",
]
NUMERIC: Final = frozenset({"int", "decimal"})
REFERENCES: Final = frozenset({"agent", "team", "position", "shift", "batch"})


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a fact; ``choices`` are the only values a code may have."""

    name: str
    kind: Kind
    unit: str | None
    label_en: str
    label_zh: str
    choices: tuple[str, ...] = ()

    def label(self, language: str) -> str:
        return self.label_zh if language.startswith("zh") else self.label_en


@dataclass(frozen=True, slots=True)
class Fact:
    """A kind of imported row; a KPI over it is dated by one of its ``anchors``."""

    name: str
    label_en: str
    label_zh: str
    fields: dict[str, Field]
    anchors: tuple[str, ...]
    default_anchor: str
    measurable: frozenset[str]

    def label(self, language: str) -> str:
        return self.label_zh if language.startswith("zh") else self.label_en


CHANNELS: Final = ("phone", "chat", "email", "social", "other")
COMPLEXITIES: Final = ("common", "complex")

CODE_LABELS: Final[dict[str, tuple[str, str]]] = {
    "phone": ("phone", "电话"),
    "chat": ("chat", "在线聊天"),
    "email": ("e-mail", "邮件"),
    "social": ("social media", "社交媒体"),
    "other": ("other", "其他"),
    "in": ("inbound", "呼入"),
    "out": ("outbound", "呼出"),
    "common": ("common", "常见"),
    "complex": ("complex", "复杂"),
    "answered": ("answered", "已接听"),
    "abandoned": ("abandoned", "已放弃"),
    "missed": ("missed", "未接"),
    "flow_out": ("flowed out", "溢出"),
    "voicemail": ("voicemail", "语音留言"),
    "enquiry": ("enquiry", "咨询"),
    "complaint": ("complaint", "投诉"),
    "fault": ("fault", "故障"),
    "request": ("request", "需求"),
    "refund": ("refund", "退款"),
    "return": ("return", "退货"),
    "1-4": ("1 to 4", "1-4 分"),
    "1-5": ("1 to 5", "1-5 分"),
    "0-10": ("0 to 10", "0-10 分"),
    "binary": ("good or bad", "好评或差评"),
    "course": ("course", "课程"),
    "typing": ("typing test", "打字测试"),
    "knowledge": ("knowledge exam", "业务知识考试"),
    "drill": ("drill", "演练"),
    "certificate": ("certificate", "认证"),
    "given": ("training given", "授课"),
    "praise": ("praise", "表扬"),
    "idea": ("idea", "建议"),
    "adopted_idea": ("adopted idea", "被采纳的建议"),
    "breach": ("breach of rules", "违纪"),
    "refusal": ("refusal", "拒绝服从安排"),
    "hygiene": ("hygiene fault", "卫生不合格"),
    "lapse": ("lapse", "疏漏"),
    "work_error": ("work error", "工作差错"),
    "service_error": ("service error", "服务差错"),
    "task": ("task assigned", "交办任务"),
    "task_done": ("task done", "完成的任务"),
    "milestone": ("milestone", "里程碑"),
    "handover": ("hand-over slip", "交接差错"),
    "off_post": ("off post", "脱岗"),
    "leave_unasked": ("leave without a written request", "未书面请假"),
    "break": ("break, in minutes", "单次休息（分钟）"),
    "callback_due": ("call-back due", "应回访"),
    "callback_done": ("call-back done", "已回访"),
    "callback_missed": ("call-back missed", "漏回访"),
    "wording_complaint": ("complaint about wording", "用语引发的投诉"),
    "fault_covered": ("fault covered up", "隐瞒故障"),
    "qa_error": ("error in a quality review", "质检差错"),
    "staffing_lapse": ("lapse of staff on duty", "人员在岗疏漏"),
    "missed_round": ("round missed", "漏巡场"),
    "unanswered_question": ("question unanswered", "问题未答复"),
    "late_answer": ("question answered late", "问题答复不及时"),
    "notice_slip": ("slip in passing on a notice", "通知传达差错"),
    "milestone_met": ("milestone met on time", "按时达成的里程碑"),
    "contribution": ("contribution", "贡献"),
    "adopted_need": ("customer need adopted", "被采纳的客户需求"),
}


def code_label(code: str, *, language: str) -> str:
    """Name a code value for people; an unknown one stands for itself."""
    english, chinese = CODE_LABELS.get(code, (code, code))
    return chinese if language.startswith("zh") else english


_STAMPED: Final = (
    Field("source", "text", None, "source", "数据来源"),
    Field("external_id", "text", None, "number in the source", "来源编号"),
    Field("agent", "agent", None, "agent", "客服"),
    Field("team", "team", None, "team", "班组"),
    Field("position", "position", None, "position", "岗位"),
    Field("shift", "shift", None, "shift", "班次"),
    Field("day", "date", None, "day", "日期"),
    Field("batch", "batch", None, "import batch", "导入批次"),
    Field("line", "int", None, "line of the file", "文件行号"),
)

_CONTACTS: Final = (
    Field("channel", "code", None, "channel", "渠道", CHANNELS),
    Field("direction", "code", None, "direction", "方向", ("in", "out")),
    Field("queue", "text", None, "queue", "队列"),
    Field("topic", "text", None, "topic", "主题"),
    Field("complexity", "code", None, "complexity", "复杂程度", COMPLEXITIES),
    Field("started_at", "datetime", None, "start", "开始时间"),
    Field("wait_s", "int", "s", "waiting time", "等待时长"),
    Field("ring_s", "int", "s", "ringing time", "振铃时长"),
    Field("ring_count", "int", "count", "rings", "振铃次数"),
    Field("first_response_s", "int", "s", "first response time", "首次响应时长"),
    Field("talk_s", "int", "s", "talk time", "通话时长"),
    Field("hold_s", "int", "s", "hold time", "保持时长"),
    Field("after_call_s", "int", "s", "after-call time", "话后处理时长"),
    Field("handle_s", "int", "s", "handle time", "处理时长"),
    Field("answered", "bool", None, "answered", "已接听"),
    Field("abandoned", "bool", None, "abandoned", "已放弃"),
    Field("transferred", "bool", None, "transferred", "已转接"),
    Field("resolved", "bool", None, "resolved", "已解决"),
    Field("resolved_first", "bool", None, "resolved at first contact", "首次解决"),
    Field(
        "outcome",
        "code",
        None,
        "outcome",
        "结果",
        ("answered", "abandoned", "missed", "flow_out", "voicemail"),
    ),
    Field("hold_count", "int", "count", "holds", "保持次数"),
    Field("transferred_in", "bool", None, "transferred in", "转入"),
    Field("wrap_up", "text", None, "wrap-up code", "小结代码"),
    Field("next_contact_s", "int", "s", "time to the customer's next contact", "客户再次联系间隔"),
    Field("customer", "text", None, "customer", "客户"),
    Field("customer_tail", "text", None, "customer's last characters", "客户尾号"),
    Field("ended_by", "text", None, "ended by", "结束方"),
    Field("sales", "int", "count", "sales", "销售笔数"),
    Field("sale_amount", "decimal", "money", "sales amount", "销售金额"),
)

_TICKETS: Final = (
    Field("channel", "code", None, "channel", "渠道", CHANNELS),
    Field("solved_day", "date", None, "day solved", "解决日期"),
    Field(
        "kind",
        "code",
        None,
        "kind",
        "类型",
        ("enquiry", "complaint", "fault", "request", "refund", "return", "other"),
    ),
    Field("topic", "text", None, "topic", "主题"),
    Field("priority", "text", None, "priority", "优先级"),
    Field("complexity", "code", None, "complexity", "复杂程度", COMPLEXITIES),
    Field("created_at", "datetime", None, "creation", "创建时间"),
    Field("first_response_s", "int", "s", "first response time", "首次响应时长"),
    Field("resolution_s", "int", "s", "resolution time", "解决时长"),
    Field("solved", "bool", None, "solved", "已解决"),
    Field("solved_at", "datetime", None, "time solved", "解决时间"),
    Field("reopened", "bool", None, "reopened", "重新打开"),
    Field("replies", "int", "count", "replies", "回复次数"),
    Field("escalated", "bool", None, "escalated", "已升级"),
    Field("sla_met", "bool", None, "within the agreed time", "达到时限要求"),
    Field("due_at", "datetime", None, "due time", "到期时间"),
    Field("upheld", "bool", None, "upheld", "投诉成立"),
    Field("outcome_score", "decimal", "points", "score of the outcome", "处理结果评分"),
    Field("customer", "text", None, "customer", "客户"),
    Field("customer_tail", "text", None, "customer's last characters", "客户尾号"),
)

_SURVEYS: Final = (
    Field("contact", "text", None, "contact", "联络编号"),
    Field("ticket", "text", None, "ticket", "工单编号"),
    Field("channel", "code", None, "channel", "渠道", CHANNELS),
    Field("sent_at", "datetime", None, "time sent", "发送时间"),
    Field("answered_at", "datetime", None, "time answered", "作答时间"),
    Field("score", "decimal", "points", "score", "评分"),
    Field("scale", "code", None, "scale", "评分制", ("1-4", "1-5", "0-10", "binary")),
    Field("attitude", "decimal", "points", "score for attitude", "态度评分"),
    Field("speed", "decimal", "points", "score for speed", "速度评分"),
    Field("solving", "decimal", "points", "score for solving", "解决问题评分"),
    Field("expertise", "decimal", "points", "score for expertise", "专业度评分"),
    Field("nps", "int", "points", "likelihood to recommend", "推荐意愿分"),
    Field("resolved_first", "bool", None, "resolved at first contact", "首次解决"),
    Field("comment", "text", None, "comment", "评语"),
)

_REVIEWS: Final = (
    Field("contact", "text", None, "contact", "联络编号"),
    Field("form", "text", None, "form", "质检表"),
    Field("reviewer", "text", None, "reviewer", "质检员"),
    Field("reviewed_at", "datetime", None, "time reviewed", "质检时间"),
    Field("score", "decimal", "percent", "score", "得分"),
    Field("critical", "bool", None, "critical fault", "关键差错"),
    Field("fatal", "bool", None, "fatal fault", "致命差错"),
)

_SHIFTS: Final = (
    Field("date", "date", None, "date", "日期"),
    Field("scheduled_s", "int", "s", "scheduled time", "排班时长"),
    Field("logged_in_s", "int", "s", "logged-in time", "签入时长"),
    Field("handling_s", "int", "s", "handling time", "处理时长"),
    Field("ready_s", "int", "s", "ready time", "就绪时长"),
    Field("not_ready_s", "int", "s", "not-ready time", "未就绪时长"),
    Field("wrap_up_s", "int", "s", "wrap-up time", "整理时长"),
    Field("break_s", "int", "s", "break time", "休息时长"),
    Field("sign_ins", "int", "count", "sign-ins and sign-outs", "签入签出次数"),
    Field("late_min", "int", "min", "minutes late", "迟到分钟数"),
    Field("early_min", "int", "min", "minutes left early", "早退分钟数"),
    Field("leave_days", "decimal", "count", "days of leave", "请假天数"),
    Field("absent", "bool", None, "absent", "缺勤"),
    Field("protected", "bool", None, "protected absence", "受保护的缺勤"),
    Field("overtime_s", "int", "s", "overtime", "加班时长"),
)

_TRAININGS: Final = (
    Field("date", "date", None, "date", "日期"),
    Field("course", "text", None, "course", "课程"),
    Field(
        "kind",
        "code",
        None,
        "kind",
        "类型",
        ("course", "typing", "knowledge", "drill", "certificate", "given"),
    ),
    Field("hours", "decimal", "h", "hours", "课时"),
    Field("score", "decimal", "percent", "score", "成绩"),
    Field("passed", "bool", None, "passed", "通过"),
)

_EVENTS: Final = (
    Field("date", "date", None, "date", "日期"),
    Field(
        "kind",
        "code",
        None,
        "kind",
        "类型",
        (
            "praise",
            "idea",
            "adopted_idea",
            "breach",
            "refusal",
            "hygiene",
            "lapse",
            "work_error",
            "service_error",
            "task",
            "task_done",
            "milestone",
            "handover",
            "off_post",
            "leave_unasked",
            "break",
            "callback_due",
            "callback_done",
            "callback_missed",
            "wording_complaint",
            "fault_covered",
            "qa_error",
            "staffing_lapse",
            "missed_round",
            "unanswered_question",
            "late_answer",
            "notice_slip",
            "milestone_met",
            "contribution",
            "adopted_need",
        ),
    ),
    Field("quantity", "decimal", "count", "quantity", "数量"),
    Field("severity", "text", None, "severity", "严重程度"),
    Field("amount", "decimal", "money", "amount", "金额"),
    Field("note", "text", None, "note", "备注"),
)

_FIGURES: Final = (
    Field("figure", "text", None, "figure", "数值代码"),
    Field("period", "text", None, "period", "期间"),
    Field("value", "decimal", None, "value", "数值"),
    Field("numerator", "decimal", None, "numerator", "分子"),
    Field("denominator", "decimal", None, "denominator", "分母"),
)


def _fact(
    name: str,
    label_en: str,
    label_zh: str,
    own: Iterable[Field],
    *,
    anchors: tuple[str, ...] = ("day",),
) -> Fact:
    fields = {field.name: field for field in (*_STAMPED, *own)}
    measurable = frozenset(
        field.name for field in fields.values() if field.kind in NUMERIC and field.name != "line"
    )
    return Fact(name, label_en, label_zh, fields, anchors, anchors[0], measurable)


FACTS: Final[dict[str, Fact]] = {
    fact.name: fact
    for fact in (
        _fact("contacts", "contacts", "联络", _CONTACTS),
        _fact("tickets", "tickets", "工单", _TICKETS, anchors=("day", "solved_day")),
        _fact("surveys", "survey answers", "满意度评价", _SURVEYS),
        _fact("reviews", "quality reviews", "质检记录", _REVIEWS),
        _fact("shifts", "shifts", "班次记录", _SHIFTS),
        _fact("trainings", "training records", "培训记录", _TRAININGS),
        _fact("events", "events", "事件记录", _EVENTS),
        _fact("figures", "given figures", "外部数值", _FIGURES),
    )
}

PLANNED: Final = frozenset(
    {
        "budget",
        "business",
        "call_plan",
        "coaching",
        "customer_research",
        "economic",
        "process_improvement",
        "qa_workload",
        "team_target",
    }
)
"""Codes of given figures whose denominator is a plan: so much of so much planned.
That of others is a base, such as the customers there were."""


def facts_with(field_name: str) -> tuple[str, ...]:
    """Name the facts that have a field of this name."""
    return tuple(fact.name for fact in FACTS.values() if field_name in fact.fields)
