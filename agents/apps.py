"""The agents app."""

from django.apps import AppConfig


class AgentsConfig(AppConfig):
    """Names the app to Django."""

    name = "agents"
