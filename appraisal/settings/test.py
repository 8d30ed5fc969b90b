"""Settings of the test suite and of the static checks; the same database, faster hashing."""

import os
import tempfile
from pathlib import Path

# A folder of the run's own, named here and made on first use; child processes inherit it.
os.environ.setdefault(
    "APPRAISAL_VAR", str(Path(tempfile.gettempdir()) / f"appraisal-test-{os.getpid()}")
)

from appraisal.settings.base import *  # noqa: F403
from appraisal.settings.base import (
    APPRAISAL_VAR,
    CELERY_BROKER_TRANSPORT_OPTIONS,
    DATABASES,
    LOGGING,
    REDIS_URL,
)

SECRET_KEY = "test-only-secret-key-of-a-sufficient-length-to-please-checks"  # noqa: S105
CUSTOMER_KEY = "test-only-customer-key"
REQUIRE_MFA = False
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]

DATABASES["default"]["DURABLE"] = False
DATABASES["default"]["CONN_MAX_AGE"] = 0
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# The broker is the real one; the queue is of this run alone, and of this process of xdist.
CELERY_TASK_DEFAULT_QUEUE = f"{APPRAISAL_VAR.name}{os.environ.get('PYTEST_XDIST_WORKER', '')}"
if REDIS_URL:
    CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"] = f"{CELERY_TASK_DEFAULT_QUEUE}:"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
LOGGING["root"]["level"] = "WARNING"
