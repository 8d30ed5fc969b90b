"""Addresses of imports, jobs and KPIs."""

from django.urls import path

from kpi.web import entries, exclusions, imports, jobs, kpi_editor, kpis, templates

app_name = "kpi"
urlpatterns = [
    path("data/", imports.data, name="imports"),
    path("data/upload/", imports.upload, name="upload"),
    path("data/templates/", templates.templates, name="templates"),
    path("data/templates/<slug:code>.<slug:ending>", templates.template_file, name="template_file"),
    path("data/entries/", entries.entries, name="entries"),
    path("data/entries/<slug:sheet>/", entries.entry_sheet, name="entry_sheet"),
    path("data/entries/<slug:sheet>/<int:fact_id>/", entries.entry, name="entry"),
    path(
        "data/entries/<slug:sheet>/<int:fact_id>/remove/", entries.entry_remove, name="entry_remove"
    ),
    path("data/exclusions/", exclusions.exclusions, name="exclusions"),
    path("data/exclusions/ask/", exclusions.exclusion_ask, name="exclusion_ask"),
    path("data/exclusions/<int:exclusion_id>/", exclusions.exclusion, name="exclusion"),
    path(
        "data/exclusions/<int:exclusion_id>/approve/",
        exclusions.exclusion_approve,
        name="exclusion_approve",
    ),
    path(
        "data/exclusions/<int:exclusion_id>/refuse/",
        exclusions.exclusion_refuse,
        name="exclusion_refuse",
    ),
    path(
        "data/exclusions/<int:exclusion_id>/withdraw/",
        exclusions.exclusion_withdraw,
        name="exclusion_withdraw",
    ),
    path(
        "data/exclusions/<int:exclusion_id>/lift/",
        exclusions.exclusion_lift,
        name="exclusion_lift",
    ),
    path("data/<int:batch_id>/", imports.batch, name="batch"),
    path("data/<int:batch_id>/mapping/", imports.batch_mapping, name="batch_mapping"),
    path("data/<int:batch_id>/check/", imports.batch_check, name="batch_check"),
    path("data/<int:batch_id>/import/", imports.batch_import, name="batch_import"),
    path("data/<int:batch_id>/discard/", imports.batch_discard, name="batch_discard"),
    path("data/<int:batch_id>/undo/", imports.batch_undo, name="batch_undo"),
    path("data/<int:batch_id>/person/", imports.batch_person, name="batch_person"),
    path("data/<int:batch_id>/rejected.csv", imports.batch_rejected, name="batch_rejected"),
    path("kpis/", kpis.kpis, name="kpis"),
    path("kpis/new/", kpi_editor.kpi_new, name="kpi_new"),
    path("kpis/check/", kpi_editor.kpi_check, name="kpi_check"),
    path("kpis/<slug:code>/", kpis.kpi, name="kpi"),
    path("kpis/<slug:code>/draft/", kpi_editor.kpi_draft, name="kpi_draft"),
    path("kpis/<slug:code>/edit/", kpi_editor.kpi_edit, name="kpi_edit"),
    path("kpis/<slug:code>/preview/", kpi_editor.kpi_preview, name="kpi_preview"),
    path("kpis/<slug:code>/send/", kpi_editor.kpi_send, name="kpi_send"),
    path("kpis/<slug:code>/discard/", kpi_editor.kpi_discard, name="kpi_discard"),
    path("kpis/<slug:code>/retire/", kpi_editor.kpi_retire, name="kpi_retire"),
    path("kpis/<slug:code>/review/", kpi_editor.kpi_review, name="kpi_review"),
    path("kpis/<slug:code>/approve/", kpi_editor.kpi_approve, name="kpi_approve"),
    path("kpis/<slug:code>/return/", kpi_editor.kpi_return, name="kpi_return"),
    path("jobs/", jobs.jobs, name="jobs"),
    path("jobs/<int:job_id>/", jobs.job, name="job"),
]
