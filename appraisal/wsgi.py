"""WSGI entry point; the settings come from DJANGO_SETTINGS_MODULE."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "appraisal.settings.prod")

application = get_wsgi_application()

# Load the pages now, not with the first request; what is loaded by then stays for the life of
# the process, so the collector need not look at it again and again.
len(get_resolver().url_patterns)
gc.collect()
gc.freeze()
