"""The Celery application; ``celery -A appraisal worker`` finds it here."""

import os
import time
from pathlib import Path
from typing import Any

from celery import Celery
from celery.signals import worker_init
from django.conf import settings

from appraisal.settings import broker

TAKEN_KEPT_S = 86_400

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "appraisal.settings.dev")

celery_app = Celery("appraisal")
celery_app.config_from_object("django.conf:settings", namespace="CELERY")
celery_app.autodiscover_tasks()


@celery_app.on_after_configure.connect
def make_folders(**_: Any) -> None:
    """See to the folders of the broker and of the beat before either is used."""
    broker.make_folders(settings.CELERY_BROKER_TRANSPORT_OPTIONS)
    schedule = Path(settings.CELERY_BEAT_SCHEDULE_FILENAME)
    schedule.parent.mkdir(mode=0o700, parents=True, exist_ok=True)


@worker_init.connect
def drop_taken_messages(**_: Any) -> None:
    """Clear away yesterday's copies in the folder broker whenever a worker starts."""
    options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
    broker.drop_taken(options, before=time.time() - TAKEN_KEPT_S)
