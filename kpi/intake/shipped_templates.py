"""The shipped templates, with examples that import as they are once their people are on record."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_noop

from kpi.intake.templates import Template

_FIRST: Final = {"agent": "A1001"}
_SECOND: Final = {"agent": "A1002"}
_TICKET: Final = (
    "channel",
    "kind",
    "topic",
    "created_at",
    "first_response_s",
    "solved",
    "solved_at",
    "sla_met",
    "due_at",
    "upheld",
    "outcome_score",
    "customer",
)

SHIPPED: Final = (
    Template(
        "shifts",
        "shifts",
        "Shifts worked",
        "班次与考勤",
        "One row per person and day: planned and worked time, breaks, lateness, leave.",
        "每人每天一行：排班与实际时长、休息、迟到早退、请假。",
        (
            _FIRST
            | {
                "external_id": "2026-10-05-A1001",
                "date": "2026-10-05",
                "scheduled_s": "28800",
                "logged_in_s": "28500",
                "handling_s": "17100",
                "ready_s": "7500",
                "not_ready_s": "900",
                "wrap_up_s": "1200",
                "break_s": "1800",
                "sign_ins": "4",
                "late_min": "0",
                "early_min": "0",
                "leave_days": "0",
                "absent": "no",
                "protected": "no",
                "overtime_s": "0",
            },
            _SECOND
            | {
                "external_id": "2026-10-05-A1002",
                "date": "2026-10-05",
                "scheduled_s": "28800",
                "leave_days": "1",
                "absent": "yes",
                "protected": "yes",
            },
        ),
    ),
    Template(
        "reviews",
        "reviews",
        "Quality reviews",
        "质检记录",
        "One row per reviewed contact: form, score, and a column “item:…” for each criterion.",
        "每次质检一行：质检表、得分，每个评分项一列“item:…”。",
        (
            _FIRST
            | {
                "external_id": "R-1001",
                "reviewed_at": "2026-10-06 10:20",
                "contact": "C-20261005-1",
                "form": "service",
                "reviewer": "Q01",
                "score": "92.5",
                "critical": "no",
                "fatal": "no",
                "item:voice": "5",
                "item:attitude": "4.5",
                "item:wording": "5",
            },
            _SECOND
            | {
                "external_id": "R-1002",
                "reviewed_at": "2026-10-06 11:00",
                "form": "service",
                "reviewer": "Q01",
                "score": "0",
                "critical": "yes",
                "fatal": "yes",
                "item:voice": "3",
            },
        ),
    ),
    Template(
        "trainings",
        "trainings",
        "Trainings and tests",
        "培训与考试",
        "Courses, drills, certificates, written exams and typing tests of each person.",
        "每人的课程、演练、认证、业务考试和打字测试。",
        (
            _FIRST
            | {
                "external_id": "T-1",
                "date": "2026-10-12",
                "course": gettext_noop("Loan products"),
                "kind": "course",
                "hours": "2.5",
                "passed": "yes",
            },
            _FIRST
            | {"external_id": "T-2", "date": "2026-10-20", "kind": "knowledge", "score": "84"},
            _SECOND
            | {"external_id": "T-3", "date": "2026-10-20", "kind": "typing", "score": "112"},
        ),
    ),
    Template(
        "events",
        "events",
        "Events",
        "事件记录",
        "Praise, ideas, breaches, lapses, errors, tasks, milestones, hand-over slips.",
        "表扬、建议、违纪、疏漏、差错、任务、里程碑、交接差错。",
        (
            _FIRST
            | {
                "external_id": "E-1",
                "date": "2026-10-08",
                "kind": "praise",
                "quantity": "1",
                "note": gettext_noop("Thanked by a customer in writing"),
            },
            _SECOND
            | {
                "external_id": "E-2",
                "date": "2026-10-09",
                "kind": "breach",
                "severity": "minor",
                "note": gettext_noop("Left the desk without notice"),
            },
        ),
    ),
    Template(
        "complaints",
        "tickets",
        "Complaints",
        "投诉",
        "One row per complaint: when it came, was answered and settled, if it was justified.",
        "每件投诉一行：受理、响应、解决时间，是否成立。",
        (
            _FIRST
            | {
                "external_id": "CP-1",
                "created_at": "2026-10-07 09:00",
                "channel": "phone",
                "kind": "complaint",
                "topic": gettext_noop("billing"),
                "first_response_s": "1800",
                "solved": "yes",
                "solved_at": "2026-10-08 15:30",
                "sla_met": "yes",
                "due_at": "2026-10-09 09:00",
                "upheld": "no",
                "outcome_score": "80",
                "customer": "13800001111",
            },
        ),
        _TICKET,
    ),
    Template(
        "call_backs",
        "events",
        "Call-backs",
        "回访",
        "How many call-backs each person owed and made on a day.",
        "每人每天应回访和已回访的数量。",
        (
            _FIRST
            | {
                "external_id": "CB-1-due",
                "date": "2026-10-07",
                "kind": "callback_due",
                "quantity": "8",
            },
            _FIRST
            | {
                "external_id": "CB-1-done",
                "date": "2026-10-07",
                "kind": "callback_done",
                "quantity": "7",
            },
        ),
        ("kind", "quantity", "note"),
    ),
    Template(
        "refunds",
        "tickets",
        "Refunds and returns",
        "退款与退货",
        "One row per refund or return: when it was asked for and settled, if in time.",
        "每笔退款或退货一行：申请与办结时间，是否按时。",
        (
            _FIRST
            | {
                "external_id": "RF-1",
                "created_at": "2026-10-07 14:10",
                "channel": "chat",
                "kind": "refund",
                "solved": "yes",
                "solved_at": "2026-10-08 10:00",
                "sla_met": "yes",
                "outcome_score": "100",
            },
            _SECOND
            | {
                "external_id": "RF-2",
                "created_at": "2026-10-07 15:00",
                "channel": "chat",
                "kind": "return",
                "solved": "no",
                "sla_met": "no",
            },
        ),
        _TICKET,
    ),
    Template(
        "sales",
        "contacts",
        "Sales",
        "销售",
        "Contacts in which something was offered: sales made and their amount.",
        "有推销的联络：成交笔数与金额。",
        (
            _FIRST
            | {
                "external_id": "S-1",
                "started_at": "2026-10-05 10:05",
                "channel": "phone",
                "direction": "out",
                "talk_s": "245",
                "answered": "yes",
                "customer": "13800001111",
                "sales": "1",
                "sale_amount": "199.00",
            },
            _SECOND
            | {
                "external_id": "S-2",
                "started_at": "2026-10-05 10:20",
                "channel": "phone",
                "direction": "out",
                "talk_s": "60",
                "answered": "yes",
                "sales": "0",
            },
        ),
        (
            "channel",
            "direction",
            "topic",
            "talk_s",
            "answered",
            "customer",
            "sales",
            "sale_amount",
        ),
    ),
    Template(
        "surveys",
        "surveys",
        "Survey answers",
        "满意度评价",
        "One row per answer: score and scale, single criteria, likelihood to recommend.",
        "每份评价一行：评分与分制、各维度评分、推荐意愿。",
        (
            _FIRST
            | {
                "external_id": "SV-1",
                "contact": "C-20261005-1",
                "channel": "phone",
                "answered_at": "2026-10-05 10:12",
                "score": "5",
                "scale": "1-5",
                "attitude": "5",
                "speed": "4",
                "solving": "5",
                "expertise": "5",
                "nps": "9",
                "resolved_first": "yes",
                "comment": gettext_noop("Quick and friendly"),
            },
        ),
    ),
    Template(
        "contacts",
        "contacts",
        "Contacts",
        "联络明细",
        "One row per call, chat or message of an agent; unanswered ones without an agent.",
        "坐席的每通电话、会话或邮件一行；未接的不填坐席。",
        (
            _FIRST
            | {
                "external_id": "C-20261005-1",
                "started_at": "2026-10-05 10:05:30",
                "channel": "phone",
                "direction": "in",
                "queue": "loans",
                "topic": gettext_noop("repayment"),
                "wait_s": "12",
                "talk_s": "245",
                "hold_s": "0",
                "after_call_s": "20",
                "answered": "yes",
                "abandoned": "no",
                "resolved": "yes",
                "outcome": "answered",
                "customer": "13800001111",
            },
            {
                "external_id": "C-20261005-2",
                "started_at": "2026-10-05 10:07:00",
                "channel": "phone",
                "direction": "in",
                "queue": "loans",
                "wait_s": "75",
                "answered": "no",
                "abandoned": "yes",
                "outcome": "abandoned",
            },
        ),
    ),
    Template(
        "tickets",
        "tickets",
        "Tickets",
        "工单",
        "One row per case: kind, times of creation, first answer and solution.",
        "每张工单一行：类型、创建、首次响应和解决时间。",
        (
            _FIRST
            | {
                "external_id": "TK-1",
                "created_at": "2026-10-05 09:00",
                "channel": "email",
                "kind": "enquiry",
                "topic": gettext_noop("contract"),
                "priority": "normal",
                "complexity": "common",
                "first_response_s": "5400",
                "resolution_s": "90000",
                "solved": "yes",
                "solved_at": "2026-10-06 10:00",
                "reopened": "no",
                "replies": "2",
                "escalated": "no",
                "sla_met": "yes",
            },
        ),
    ),
    Template(
        "figures",
        "figures",
        "Figures from outside",
        "外部数值",
        "Plans, budgets, turnover and other values that no row of work shows.",
        "计划、预算、离职率等无法从明细得出的数值。",
        (
            {
                "external_id": "blocked-2026-10",
                "date": "2026-10-31",
                "figure": "blocked",
                "period": "2026-10",
                "value": "0.025",
                "numerator": "1200",
                "denominator": "48000",
            },
            _FIRST
            | {
                "external_id": "business-2026-10-A1001",
                "date": "2026-10-31",
                "figure": "business",
                "period": "2026-10",
                "value": "0.96",
                "numerator": "48",
                "denominator": "50",
            },
        ),
    ),
)
TEMPLATES: Final = {template.code: template for template in SHIPPED}
