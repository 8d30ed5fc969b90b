"""ASGI entry point; the settings come from DJANGO_SETTINGS_MODULE."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "appraisal.settings.prod")

application = get_asgi_application()
