"""Production: every secret and address comes from the environment, and is required."""

from django.core.exceptions import ImproperlyConfigured

from appraisal.settings import env
from appraisal.settings.base import *  # noqa: F403
from appraisal.settings.base import EMBEDDED_DATABASE

SHORTEST_SECRET = 50  # characters, what Django's own deployment check asks for
SHORTEST_CUSTOMER_KEY = 32  # characters, for the 256 bits of the keyed digest
FEWEST_DIFFERENT = 10  # characters; fewer were typed, not drawn
NEVER_SECRET = ("development-only", "test-only", "django-insecure", "change-me")


def _real_secret(name: str, shortest: int) -> str:
    value = env.secret(name)
    is_long = len(value) >= shortest and len(set(value)) >= FEWEST_DIFFERENT
    if not is_long or value.startswith(NEVER_SECRET):
        raise ImproperlyConfigured(
            f"{name} must be a random text of its own of at least {shortest} characters. Make one: "
            'python -c "import secrets; print(secrets.token_urlsafe(64))"'
        )
    return value


SECRET_KEY = _real_secret("SECRET_KEY", SHORTEST_SECRET)
# Customers are kept as a digest under this key. Losing or changing it unlinks repeat contacts.
CUSTOMER_KEY = _real_secret("APPRAISAL_CUSTOMER_KEY", SHORTEST_CUSTOMER_KEY)
REQUIRE_MFA = env.flag("APPRAISAL_REQUIRE_MFA", default=True)

if env.flag("DEBUG", default=False):
    raise ImproperlyConfigured("DEBUG must not be on in production: it shows data to strangers.")
DEBUG = False
ALLOWED_HOSTS = env.word_list("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS if not host.startswith(".")]

if EMBEDDED_DATABASE and not env.flag("APPRAISAL_ALLOW_EMBEDDED", default=False):
    raise ImproperlyConfigured(
        "Set DATABASE_URL. For a trial on one machine the embedded server will do: "
        "then set APPRAISAL_ALLOW_EMBEDDED=true."
    )

vars().update(env.email("EMAIL_URL", "consolemail://"))
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", f"appraisal@{ALLOWED_HOSTS[0].lstrip('.')}")

# HTTPS only. The proxy in front ends TLS and says so in this header.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # asked inside the machine, without the proxy
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"
LANGUAGE_COOKIE_SECURE = True

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
