"""Addresses of pay plans, proposals and statements."""

from django.urls import path

from appraisal.web import pay, pay_plans

patterns = [
    path("me/pay/", pay.own_pay, name="own_pay"),
    path("pay/", pay_plans.plans, name="pay_plans"),
    path("pay/<slug:code>/", pay_plans.plan, name="pay_plan"),
    path("pay/<slug:code>/edit/", pay_plans.plan_edit, name="pay_plan_edit"),
    path("pay/<slug:code>/ask/", pay_plans.plan_ask, name="pay_plan_ask"),
    path("pay/<slug:code>/take-back/", pay_plans.plan_take_back, name="pay_plan_take_back"),
    path("pay/<slug:code>/publish/", pay_plans.plan_publish, name="pay_plan_publish"),
    path("pay/<slug:code>/return/", pay_plans.plan_return, name="pay_plan_return"),
    path("runs/<int:run_id>/pay/", pay.pay_run, name="pay_run"),
    path("cycles/<str:code>/pay/", pay.proposal, name="pay"),
    path("cycles/<str:code>/pay/compute/", pay.compute, name="pay_compute"),
    path("cycles/<str:code>/pay/verify/", pay.verify, name="pay_verify"),
    path("cycles/<str:code>/pay/export/", pay.export, name="pay_export"),
    path("cycles/<str:code>/pay/<int:agent_id>/", pay.statement, name="pay_statement"),
    path("cycles/<str:code>/pay/<int:agent_id>/<slug:line>/", pay.line, name="pay_line"),
]
