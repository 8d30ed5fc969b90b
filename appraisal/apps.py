"""The appraisal app."""

from django.apps import AppConfig


class AppraisalConfig(AppConfig):
    """Names the app to Django."""

    name = "appraisal"
