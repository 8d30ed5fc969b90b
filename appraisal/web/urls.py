"""Addresses of boards and scorecards."""

from django.urls import path

from appraisal.web import scorecards

app_name = "appraisal"
urlpatterns = [
    path("me/results/", scorecards.own_results, name="own_results"),
    path("scorecards/<int:agent_id>/<str:code>/", scorecards.scorecard, name="scorecard"),
    path("scorecards/<int:agent_id>/<str:code>/<slug:item>/", scorecards.line, name="line"),
]
