"""The feedback app."""

from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    """Names the app to Django."""

    name = "feedback"
