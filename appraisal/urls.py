"""Every address of the project, app by app."""

from django.urls import include, path

from appraisal.web.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("", include("feedback.web.urls")),
    path("", include("agents.web.urls")),
    path("", include("kpi.web.urls")),
    path("", include("appraisal.web.urls")),
    path("accounts/", include("allauth.urls")),
]
