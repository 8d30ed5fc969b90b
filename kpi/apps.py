"""The kpi app."""

from django.apps import AppConfig


class KPIConfig(AppConfig):
    """Names the app to Django."""

    name = "kpi"
