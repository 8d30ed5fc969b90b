"""Schemes, cycles, runs, scorecards and results; also the Django project package."""

from appraisal.celery import celery_app

__all__ = ["celery_app"]
