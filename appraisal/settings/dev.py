"""Development and the demo: no secret needed, pages at http://127.0.0.1:8000."""

from pathlib import Path

from environ import Env

# Read before base, which looks at the environment. What is set already wins over the file.
Env.read_env(Path(__file__).resolve().parent.parent.parent / ".env")

from appraisal.settings import env  # noqa: E402
from appraisal.settings.base import *  # noqa: E402, F403

DEBUG = env.flag("DEBUG", default=True)
ALLOWED_HOSTS = env.word_list("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")
SECRET_KEY = env.secret("SECRET_KEY", "development-only-secret-key-never-used-in-production")
CUSTOMER_KEY = env.secret("APPRAISAL_CUSTOMER_KEY", "development-only-customer-key")
REQUIRE_MFA = env.flag("APPRAISAL_REQUIRE_MFA", default=False)

vars().update(env.email("EMAIL_URL", "consolemail://"))
DEFAULT_FROM_EMAIL = "appraisal@localhost"

# Static files straight from their folders: nothing to collect.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
