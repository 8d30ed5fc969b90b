"""Addresses of cycles, schemes, boards and scorecards."""

from django.urls import path

from appraisal.web import (
    board,
    cycle_people,
    cycles,
    scheme_draft,
    scheme_ways,
    schemes,
    scorecards,
    simulator,
    targets,
)
from appraisal.web.pay_urls import patterns as pay_patterns

app_name = "appraisal"
urlpatterns = [
    *pay_patterns,
    path("me/results/", scorecards.own_results, name="own_results"),
    path("boards/", board.boards, name="boards"),
    path("teams/<str:code>/board/", board.board, name="board"),
    path("teams/<str:code>/board/<int:agent_id>/", board.reason, name="reason"),
    path("scorecards/", scorecards.scorecards, name="scorecards"),
    path("scorecards/<int:agent_id>/<str:code>/", scorecards.scorecard, name="scorecard"),
    path("scorecards/<int:agent_id>/<str:code>/<slug:item>/", scorecards.line, name="line"),
    path(
        "scorecards/<int:agent_id>/<str:code>/<slug:item>/<slug:kind>/<int:fact_id>/exclude/",
        scorecards.row_exclude,
        name="row_exclude",
    ),
    path(
        "scorecards/<int:agent_id>/<str:code>/<slug:item>/<slug:kind>/<int:fact_id>/include/",
        scorecards.row_include,
        name="row_include",
    ),
    path("cycles/", cycles.cycles, name="cycles"),
    path("cycles/open/", cycles.cycle_open, name="cycle_open"),
    path("cycles/<str:code>/", cycles.cycle, name="cycle"),
    path("cycles/<str:code>/people/", cycle_people.cycle_people, name="cycle_people"),
    path("cycles/<str:code>/compute/", cycles.cycle_compute, name="cycle_compute"),
    path("cycles/<str:code>/ask/", cycles.cycle_ask, name="cycle_ask"),
    path("cycles/<str:code>/publish/", cycles.cycle_publish, name="cycle_publish"),
    path("cycles/<str:code>/return/", cycles.cycle_return, name="cycle_return"),
    path("cycles/<str:code>/verify/", cycles.cycle_verify, name="cycle_verify"),
    path("cycles/<str:code>/export/", cycles.cycle_export, name="cycle_export"),
    path("cycles/<str:code>/targets/", targets.targets, name="targets"),
    path("cycles/<str:code>/targets/save/", targets.targets_save, name="targets_save"),
    path("cycles/<str:code>/targets/file/", targets.targets_file, name="targets_file"),
    path("cycles/<str:code>/targets/import/", targets.targets_import, name="targets_import"),
    path("runs/<int:run_id>/", cycles.run, name="run"),
    path("schemes/", schemes.schemes, name="schemes"),
    path("schemes/new/", scheme_ways.scheme_new, name="scheme_new"),
    path("schemes/<slug:code>/", schemes.scheme, name="scheme"),
    path("schemes/<slug:code>/draft/", scheme_draft.draft, name="scheme_draft"),
    path("schemes/<slug:code>/simulate/", simulator.simulate, name="scheme_simulate"),
    path("schemes/<slug:code>/start/", scheme_ways.scheme_start, name="scheme_start"),
    path("schemes/<slug:code>/send/", scheme_ways.scheme_send, name="scheme_send"),
    path("schemes/<slug:code>/take-back/", scheme_ways.scheme_take_back, name="scheme_take_back"),
    path("schemes/<slug:code>/delete/", scheme_ways.scheme_delete, name="scheme_delete"),
    path("schemes/<slug:code>/approve/", scheme_ways.scheme_approve, name="scheme_approve"),
    path("schemes/<slug:code>/return/", scheme_ways.scheme_return, name="scheme_return"),
    path("schemes/<slug:code>/retire/", scheme_ways.scheme_retire, name="scheme_retire"),
    path("schemes/<slug:code>/compare/", scheme_ways.scheme_compare, name="scheme_compare"),
    path("schemes/<slug:code>/file/", scheme_ways.scheme_file, name="scheme_file"),
]
