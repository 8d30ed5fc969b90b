"""Addresses of imports, jobs and KPIs."""

from django.urls import path

from kpi.web import imports, jobs, kpis

app_name = "kpi"
urlpatterns = [
    path("data/", imports.data, name="imports"),
    path("data/upload/", imports.upload, name="upload"),
    path("data/<int:batch_id>/", imports.batch, name="batch"),
    path("data/<int:batch_id>/mapping/", imports.batch_mapping, name="batch_mapping"),
    path("data/<int:batch_id>/check/", imports.batch_check, name="batch_check"),
    path("data/<int:batch_id>/import/", imports.batch_import, name="batch_import"),
    path("data/<int:batch_id>/discard/", imports.batch_discard, name="batch_discard"),
    path("data/<int:batch_id>/undo/", imports.batch_undo, name="batch_undo"),
    path("data/<int:batch_id>/person/", imports.batch_person, name="batch_person"),
    path("data/<int:batch_id>/rejected.csv", imports.batch_rejected, name="batch_rejected"),
    path("kpis/", kpis.kpis, name="kpis"),
    path("kpis/<slug:code>/", kpis.kpi, name="kpi"),
    path("jobs/", jobs.jobs, name="jobs"),
    path("jobs/<int:job_id>/", jobs.job, name="job"),
]
