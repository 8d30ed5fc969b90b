"""What systems call the fields, in English and Chinese, and what their values mean.

Names are in the form of :func:`plain`: lower case, words apart, no signs. Where a field has
several, an earlier one is taken before a later one. The names of Asterisk, Genesys Cloud,
Amazon Connect, Zendesk, Freshdesk, Chatwoot and Zammad are among them.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_SIGNS: Final = re.compile(r"[\W_]+")
_UNIT: Final = re.compile(r" (in )?(s|secs?|seconds?|ms|mins?|minutes?|h|hrs|hours?|秒|分钟|小时)$")

_AGENT: Final = (
    "agent id|agent no|agent number|agent code|staff number|employee id|employee number|"
    "agent username|agent login|agent email|agent|server|operator|user id|username|login|"
    "extension|responder id|assigned agent id|handled by|answered by|employee|staff|rep|"
    "representative|agent name|"
    "工号|坐席工号|座席工号|客服工号|员工工号|员工号|员工编号|坐席编号|坐席账号|分机|分机号|"
    "坐席|座席|客服|话务员|"
    "接听坐席|接听客服|接待客服|坐席姓名|座席姓名|客服姓名|员工姓名|姓名"
)
_CUSTOMER: Final = (
    "customer key|customer id|customer number|customer|requester id|requester|client id|"
    "external contact id|customer endpoint address|caller id|caller|callerid|ani|src|"
    "phone number|caller number|客户编号|客户号|客户id|会员号|主叫号码|主叫|来电号码|客户电话|"
    "客户号码|电话号码|手机号"
)
_CHANNEL: Final = (
    "channel|via channel|media type|media|source channel|渠道|渠道类型|接入渠道|来源渠道"
)


def _all(words: str, meaning: str) -> dict[str, str]:
    return dict.fromkeys(words.split(), meaning)


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


FIELDS: Final[dict[str, dict[str, str]]] = {
    "contacts": {
        "external_id": (
            "contact id|call id|callid|conversation id|interaction id|uniqueid|unique id|"
            "session id|call number|record id|id|流水号|通话流水号|呼叫流水号|来电流水号|"
            "录音流水号|"
            "通话编号|呼叫编号|会话编号|会话id|通话id|呼叫id|记录编号|服务编号"
        ),
        "agent": _AGENT,
        "started_at": (
            "started at|started|start time|call start|call start time|leg start|start|calldate|"
            "initiation timestamp|conversation start|enqueue at|call time|timestamp|datetime|"
            "date time|created at|呼入时间|来电时间|进线时间|呼叫时间|通话开始时间|"
            "会话开始时间|开始时间|"
            "接入时间|拨打时间|呼叫开始时间"
        ),
        "wait_s": (
            "wait s|queue wait s|wait time|waiting time|queue time|q time|queue duration|"
            "speed of answer in seconds|speed of answer|time to answer|asa|wait|holdtime|"
            "等待时长|排队时长|等待时间|排队时间|排队等待时长|等待秒数|应答时长|应答速度"
        ),
        "ring_s": "ring s|ring time|ringtime|ring duration|振铃时长|振铃时间|响铃时长|振铃秒数",
        "ring_count": "ring count|rings|振铃次数|响铃次数|振铃声数",
        "first_response_s": (
            "first response s|first response time|first reply time|首次响应时长|首响时长|"
            "首次回复时长"
        ),
        "talk_s": (
            "talk s|talk time|talk duration|avg talk duration|ser time|service time|billsec|"
            "agent agent interaction duration|agent interaction duration|conversation time|"
            "metrics t talk|call duration|calltime|talk|duration|"
            "通话时长|通话秒数|会话时长|服务时长|接听时长|通话时间"
        ),
        "hold_s": (
            "hold s|hold time|hold duration|agent customer hold duration|customer hold duration|"
            "metrics t held|held|hold|保持时长|保持时间|保留时长"
        ),
        "after_call_s": (
            "after call s|after call|acw s|acw|after call work|after call work time|metrics t acw|"
            "agent after contact work duration|after contact work duration|wrap up time|"
            "wrapup time|话后时长|话后处理时长|话后整理时长|整理时长|事后处理时长"
        ),
        "answered": (
            "answered|answered y n|is answered|call answered|是否接听|是否接通|是否应答|接听与否"
        ),
        "abandoned": "abandoned|is abandoned|abandoned y n|是否放弃|是否呼损",
        "outcome": (
            "outcome|disposition|call outcome|call result|call status|result|"
            "呼叫结果|通话结果|接听结果|通话状态|呼叫状态|接听状态"
        ),
        "transferred": "transferred|is transferred|transfer|是否转接|转接",
        "resolved": "resolved|resolved y n|is resolved|solved|是否解决|问题是否解决|是否已解决",
        "resolved_first": (
            "resolved first|resolved first time|fcr|first contact resolution|"
            "first call resolution|是否首次解决|是否一次解决|首次解决|一次性解决"
        ),
        "queue": (
            "queue|queue name|queuename|queue id|skill|skill group|skill name|service group|"
            "group|type|技能组|队列|队列名称|技能|技能队列|业务组|服务组"
        ),
        "topic": (
            "topic|call reason|reason|category|contact reason|业务类型|来电原因|咨询类型|问题类型|"
            "主题|话题|来电类型|服务类型"
        ),
        "direction": (
            "direction|call direction|originating direction|initiation method|呼叫方向|方向|"
            "呼叫类型|通话类型"
        ),
        "channel": _CHANNEL,
        "customer": _CUSTOMER,
        "ended_by": "ended by|disconnect side|disconnected by|挂机方|挂断方",
        "hold_count": "hold count|holds|number of holds|agent number of holds|保持次数",
        "wrap_up": "wrap up|wrap up code|wrapup code|小结|话务小结|小结代码",
        "sales": "sales|sales count|销售笔数|成交笔数|成单数",
        "sale_amount": "sale amount|sales amount|成交金额|销售金额",
    },
    "tickets": {
        "external_id": (
            "ticket id|ticket number|ticket no|case id|case number|id|工单号|工单编号|工单流水号|"
            "单号|受理编号|投诉编号"
        ),
        "agent": (
            "assignee id|assignee|assigned to|owner id|owner|处理人|受理人|负责人|经办人|"
            "处理人工号|"
            "受理人工号|处理坐席|" + _AGENT
        ),
        "created_at": (
            "created at|created|creation date|created date|opened at|opened|open date|"
            "received at|创建时间|建单时间|提交时间|受理时间|投诉时间|创建日期"
        ),
        "solved_at": (
            "solved at|resolved at|stats resolved at|closed at|close at|stats closed at|"
            "first solved at|completed at|resolution date|解决时间|办结时间|完成时间|关闭时间|"
            "结单时间"
        ),
        "solved": "solved|resolved|is solved|是否解决|是否办结",
        "first_response_s": (
            "first response s|frt s|first response time|first reply time|"
            "reply time in minutes calendar|first response in min|首次响应时长|首响时长"
        ),
        "resolution_s": (
            "resolution s|resolution time|full resolution time in minutes calendar|"
            "close in min|处理时长|解决时长|办结时长"
        ),
        "kind": "kind|ticket type|type|case type|工单类型|单据类型|类型|业务类型",
        "topic": "topic|category|reason|problem type|问题分类|问题类型|主题分类|投诉分类",
        "priority": "priority|urgency|优先级|紧急程度",
        "channel": _CHANNEL + "|source|工单来源|来源",
        "reopened": "reopened|is reopened|reopens|reopen count|是否重开|重开次数|重新打开次数",
        "replies": "replies|reply count|回复次数",
        "escalated": "escalated|is escalated|是否升级|升级",
        "sla_met": "sla met|within sla|是否达标|是否及时",
        "due_at": "due at|due by|due date|deadline|截止时间|要求完成时间|到期时间",
        "upheld": "upheld|投诉成立|是否成立|是否有责",
        "customer": _CUSTOMER,
    },
    "surveys": {
        "external_id": (
            "survey id|rating id|response id|answer id|id|评价编号|问卷编号|评价流水号|流水号"
        ),
        "contact": (
            "contact id|call id|conversation id|interaction id|通话流水号|通话编号|会话编号|"
            "呼叫流水号"
        ),
        "ticket": "ticket id|ticket number|case id|工单号|工单编号",
        "agent": "assignee id|" + _AGENT,
        "sent_at": "sent at|sent|invited at|发送时间|邀评时间",
        "answered_at": (
            "answered at|responded at|recorded at|submitted at|rated at|response date|survey date|"
            "评价时间|作答时间|提交时间|回访时间|created at|date|日期"
        ),
        "score": (
            "score|satisfaction rating|satisfaction score|csat score|csat|satisfaction|rating|"
            "customer satisfaction|stars|满意度评分|满意度|满意度评价|评分|评价结果|客户评价|评价"
        ),
        "nps": "nps|nps score|likelihood to recommend|净推荐值|推荐意愿|推荐意愿分",
        "attitude": "attitude|politeness|态度评分|服务态度",
        "speed": "speed|速度评分|响应速度评分",
        "solving": "solving|解决评分|问题解决评分",
        "expertise": "expertise|knowledge|专业评分|专业度评分",
        "resolved_first": "resolved first time|resolved first|fcr|是否首次解决|是否一次解决",
        "comment": "comment|feedback|feedback message|comments|remarks|评语|客户意见|评价内容|备注",
    },
    "reviews": {
        "external_id": "evaluation id|review id|id|质检编号|质检单号",
        "contact": "contact id|metadata contact id|call id|conversation id|流水号|通话流水号",
        "agent": "metadata agent id|" + _AGENT + "|被检人|被检坐席",
        "form": "form|form name|scorecard|质检表|质检模板|评分表",
        "reviewer": "evaluator|reviewer|metadata evaluator|qa|质检员|质检人",
        "reviewed_at": (
            "reviewed at|evaluated at|metadata evaluation submit timestamp|review date|"
            "质检时间|质检日期"
        ),
        "score": "qa score|quality score|metadata score percentage|score|质检得分|质检分数|得分",
        "critical": "critical|critical fault|关键差错",
        "fatal": "fatal|fatal fault|auto fail|致命差错|是否致命",
    },
    "shifts": {
        "external_id": "shift id|attendance id|考勤编号",
        "agent": _AGENT,
        "date": "shift date|work date|date|日期|考勤日期|班次日期",
        "scheduled_s": "scheduled s|scheduled time|staffed s|排班时长|应出勤时长",
        "logged_in_s": "logged in s|login time|online time|签入时长|登录时长|在线时长",
        "ready_s": "ready s|ready time|available time|就绪时长|空闲时长",
        "not_ready_s": "not ready s|not ready time|paused s|未就绪时长|示忙时长",
        "break_s": "break s|break time|休息时长|小休时长",
        "late_min": "late min|minutes late|迟到分钟|迟到分钟数",
        "early_min": "early min|minutes early|早退分钟|早退分钟数",
        "leave_days": "leave days|请假天数",
        "absent": "absent|是否缺勤|旷工",
    },
    "trainings": {
        "external_id": "training id|exam id|培训编号|考试编号",
        "agent": _AGENT,
        "date": "training date|exam date|date|培训日期|考试日期|日期",
        "course": "course|course name|exam|课程|课程名称|考试名称",
        "kind": "kind|training type|培训类型|考试类型",
        "hours": "hours|duration hours|课时|学时|培训时长",
        "score": "exam score|test score|score|考试成绩|成绩|得分",
        "passed": "passed|pass|是否合格|是否通过",
    },
    "events": {
        "external_id": "event id|事件编号|奖惩编号",
        "agent": _AGENT,
        "date": "event date|date|日期|发生日期",
        "kind": "event kind|event type|kind|事件类型|奖惩类型",
        "quantity": "quantity|count|数量|次数",
        "severity": "severity|level|严重程度|等级",
        "amount": "amount|金额",
        "note": "note|notes|description|备注|说明|事由",
    },
    "figures": {
        "external_id": "figure id",
        "agent": _AGENT,
        "figure": "figure|figure code|metric|指标代码|数值代码",
        "date": "date|month|日期|月份",
        "period": "period|期间|周期",
        "value": "value|数值|值",
        "numerator": "numerator|分子",
        "denominator": "denominator|分母",
    },
}
# Columns that are no fields themselves: parts of a time, or its ends.
DATES: Final = "date|call date|day|日期|呼入日期|来电日期|通话日期|呼叫日期"
TIMES: Final = "time|call time|start time|vru entry|时间|来电时间|呼入时间|开始时间"
CONNECTED: Final = (
    "answered at|answer time|connected at|connect time|answer|"
    "agent connected to agent timestamp|connected to agent timestamp|"
    "接通时间|应答时间|接听时间|通话接通时间"
)
ENDED: Final = (
    "ended at|end time|leg end|end|disconnect timestamp|conversation end|call end|hangup time|"
    "结束时间|挂机时间|挂断时间|通话结束时间"
)
FIRST_REPLIED: Final = (
    "first reply at|first response at|stats first responded at|first replied at|"
    "first reply created at|首次回复时间|首次响应时间"
)
STATUS: Final = "status|state|ticket status|工单状态|状态|处理状态"

_ANSWERED_WORDS: Final = (
    "answered agent answer completed complete connected handled 接听 接通 已接 已接听 已接通 "
    "应答 成功"
)
_LOST_WORDS: Final = "abandoned abandon abandoned_in_queue hang hangup 放弃 呼损 客户放弃 排队放弃"
_MISSED_WORDS: Final = (
    "missed noanswer no_answer busy failed congestion unanswered ringnoanswer 未接 未接听 "
    "未接通 漏接 无人接听 失败"
)
OUTCOMES: Final[dict[str, str]] = {
    **_all(_ANSWERED_WORDS, "answered"),
    **_all(_LOST_WORDS, "abandoned"),
    **_all(_MISSED_WORDS, "missed"),
    "no answer": "missed",
    "flow_out": "flow_out",
    "flowout": "flow_out",
    "溢出": "flow_out",
    "voicemail": "voicemail",
    "留言": "voicemail",
}
DIRECTIONS: Final[dict[str, str]] = {
    **_all("in inbound incoming 呼入 来电 进线", "in"),
    **_all("out outbound outgoing 呼出 外呼 去电", "out"),
}
CHANNELS: Final[dict[str, str]] = {
    **_all("phone voice call telephone tel 电话 热线 语音", "phone"),
    **_all("chat webchat messaging live_chat 在线 在线客服 网页 聊天", "chat"),
    **_all("email e-mail mail 邮件 邮箱", "email"),
    **_all("social facebook twitter whatsapp wechat weibo 微信 微博 社交", "social"),
    **_all("other web api mobile sms form 其他 短信", "other"),
}
TICKET_KINDS: Final[dict[str, str]] = {
    **_all("enquiry inquiry question 咨询 查询", "enquiry"),
    **_all("complaint 投诉", "complaint"),
    **_all("fault incident problem bug 故障 报修 报障", "fault"),
    **_all("request task service 需求 请求 业务办理", "request"),
    **_all("refund 退款", "refund"),
    **_all("return 退货", "return"),
    **_all("other 其他", "other"),
}
TRAINING_KINDS: Final[dict[str, str]] = {
    word: word for word in ["course", "typing", "knowledge", "drill", "certificate", "given"]
} | {
    "培训": "course",
    "打字": "typing",
    "业务考试": "knowledge",
    "演练": "drill",
    "认证": "certificate",
}
EVENT_KINDS: Final[dict[str, str]] = {
    "表扬": "praise",
    "建议": "idea",
    "采纳建议": "adopted_idea",
    "违纪": "breach",
    "差错": "work_error",
    "服务差错": "service_error",
}
RATINGS: Final[dict[str, str]] = {
    "非常满意": "5",
    "满意": "4",
    "一般": "3",
    "不满意": "2",
    "非常不满意": "1",
    "very satisfied": "5",
    "satisfied": "4",
    "neutral": "3",
    "dissatisfied": "2",
    "very dissatisfied": "1",
}
GOOD_OR_BAD: Final[dict[str, str]] = {"good": "1", "bad": "0", "好评": "1", "差评": "0"}
SOLVED_STATES: Final = _set(
    "solved closed resolved completed done 已解决 已关闭 已完成 已办结 办结 完成 关闭"
)
DELETED_STATES: Final = _set("deleted spam 已删除 作废 已作废")


def plain(name: str) -> str:
    """A column's name in lower case, words apart, without signs: AvgTalkDuration, call_id."""
    apart = _CAMEL.sub(" ", unicodedata.normalize("NFKC", name))
    return _SIGNS.sub(" ", apart).strip().lower()


def without_unit(plain_name: str) -> str:
    """A plain name without the unit at its end: talk time s, 通话时长 秒."""
    return _UNIT.sub("", plain_name)


def places(names: str) -> dict[str, int]:
    """The position of each name in a list of synonyms."""
    return {name: place for place, name in enumerate(names.split("|"))}
