"""The Celery application; ``celery -A appraisal worker`` finds it here."""

import os
import time
from pathlib import Path
from typing import Any

from celery import Celery
from celery.signals import worker_init
from django.conf import settings

TAKEN_KEPT_S = 86_400

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "appraisal.settings.dev")

celery_app = Celery("appraisal")
celery_app.config_from_object("django.conf:settings", namespace="CELERY")
celery_app.autodiscover_tasks()


@worker_init.connect
def drop_taken_messages(**_: Any) -> None:
    """Delete the day-old copies that the serverless broker keeps of messages it has handed out.

    They hold ids only, and the job rows know what is owed, so nothing needs them.
    """
    folder = settings.CELERY_BROKER_TRANSPORT_OPTIONS.get("processed_folder")
    if folder is None:
        return
    oldest = time.time() - TAKEN_KEPT_S
    for message in Path(folder).glob("*.msg"):
        if message.stat().st_mtime < oldest:
            message.unlink(missing_ok=True)
