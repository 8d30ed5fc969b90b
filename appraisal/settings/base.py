"""What every environment shares. Values that differ come from the environment, by env."""

from datetime import date
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF

from appraisal.settings import broker, embedded, env

BASE_DIR = Path(__file__).resolve().parent.parent.parent
VERSION = "0.1.0"

# Everything the product writes to disk lies here: embedded database, uploads, broker, logs.
APPRAISAL_VAR = env.folder("APPRAISAL_VAR", BASE_DIR / "var")

DEBUG = False
ALLOWED_HOSTS: list[str] = []
ROOT_URLCONF = "appraisal.urls"
WSGI_APPLICATION = "appraisal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "agents",
    "kpi",
    "appraisal",
    "feedback",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_filters",
    "django_htmx",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "rest_framework",
    "rest_framework.authtoken",
    "template_partials.apps.SimpleAppConfig",
]

MIDDLEWARE = [
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "agents.middleware.NoStore",
    "agents.middleware.NoNullCharacter",
    "agents.middleware.OnlyUtf8",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "agents.web.middleware.OrganisationFirst",
    "django.contrib.messages.middleware.MessageMiddleware",
    "agents.middleware.SessionLimits",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "agents.middleware.RequireSecondFactor",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "django.template.loaders.filesystem.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
        },
    }
]

# Database. All limits in milliseconds. A long job raises its own statement_timeout.
STATEMENT_TIMEOUT_MS = env.whole_number("APPRAISAL_STATEMENT_TIMEOUT_MS", 30_000)
LOCK_TIMEOUT_MS = env.whole_number("APPRAISAL_LOCK_TIMEOUT_MS", 10_000)
IDLE_IN_TRANSACTION_TIMEOUT_MS = 60_000

_DATABASE_ADDRESS = env.database("DATABASE_URL")
EMBEDDED_DATABASE = _DATABASE_ADDRESS is None
_DATABASE: dict[str, Any] = _DATABASE_ADDRESS or {
    "ENGINE": "appraisal.settings.backend",
    "NAME": embedded.DATABASE,
    "USER": embedded.SUPERUSER,
    "HOST": str(embedded.socket_folder(APPRAISAL_VAR)),
}
DATABASES = {
    "default": {
        **_DATABASE,
        "ATOMIC_REQUESTS": False,
        "CONN_MAX_AGE": 60,  # seconds
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "application_name": "appraisal",
            **_DATABASE.get("OPTIONS", {}),
            "options": (
                f"-c statement_timeout={STATEMENT_TIMEOUT_MS} -c lock_timeout={LOCK_TIMEOUT_MS} "
                f"-c idle_in_transaction_session_timeout={IDLE_IN_TRANSACTION_TIMEOUT_MS} "
                "-c jit=off"  # it costs more than it gains on grouped queries of this size
            ),
        },
        "TEST": {"TEMPLATE": "template0", "CHARSET": "UTF8"},
    }
}

# The throttling counters live in the cache: in the database they outlive a restart of Redis.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache_entries",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

# Jobs. The database remembers what is owed; Celery only wakes a worker. All limits in seconds.
JOB_TIME_LIMIT_S = env.whole_number("APPRAISAL_JOB_TIME_LIMIT_S", 3_600)
REDIS_URL = env.secret("REDIS_URL", "")
CELERY_BROKER_URL = REDIS_URL or "filesystem://localhost"
CELERY_BROKER_TRANSPORT_OPTIONS = broker.transport_options(
    redis_url=REDIS_URL, folder=APPRAISAL_VAR / "broker", time_limit_s=JOB_TIME_LIMIT_S
)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = JOB_TIME_LIMIT_S
CELERY_TASK_SOFT_TIME_LIMIT = max(JOB_TIME_LIMIT_S - 60, 1)
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 10
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(APPRAISAL_VAR / "run" / "beat-schedule")
CELERY_BEAT_SCHEDULE = {
    "bring back what a dead worker left": {
        "task": "kpi.sweep_jobs",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    "add up what came in since the last runs": {
        "task": "appraisal.tally_news",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
}

# People and log-in.
AUTH_USER_MODEL = "agents.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
_VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": f"{_VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{_VALIDATION}.CommonPasswordValidator"},
    {"NAME": f"{_VALIDATION}.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "agents.accounts.ClosedSignup"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300  # seconds
# The key of "login_failed" is account and network address: nobody can lock out a colleague.
ACCOUNT_RATE_LIMITS = {"login_failed": "50/h/ip,5/15m/key"}
# How many proxies of ours stand before the web server and add to X-Forwarded-For.
ALLAUTH_TRUSTED_PROXY_COUNT = env.whole_number("APPRAISAL_TRUSTED_PROXIES", 0)
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Appraisal"

# Sessions, cookies and headers.
SESSION_COOKIE_AGE = 12 * 3_600  # seconds, at most, however busy
SESSION_IDLE_S = 30 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

# Uploads. An import file is streamed to disk; only small ones are held in memory. Bytes.
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_048_576
FILE_UPLOAD_TEMP_DIR = None
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440

# Imports. What differs from the limits in kpi.intake.limits, by their names; the first day that
# a fact may have.
APPRAISAL_IMPORT_LIMITS: dict[str, int] = {}
APPRAISAL_EARLIEST_FACT = date(1990, 1, 1)

# Language and time. The organisation's zone is data; inside everything is UTC.
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# Static files.
STATIC_URL = "static/"
STATIC_ROOT = env.folder("APPRAISAL_STATIC_ROOT", APPRAISAL_VAR / "static")
STATICFILES_DIRS = [BASE_DIR / "static"]

# The API.
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "rest_framework.authentication.SessionAuthentication",
        "rest_framework.authentication.TokenAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.PageNumberPagination",
    "PAGE_SIZE": 100,
    "DEFAULT_THROTTLE_CLASSES": [
        "rest_framework.throttling.UserRateThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {"user": "600/min"},
    "NUM_PROXIES": ALLAUTH_TRUSTED_PROXY_COUNT,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Appraisal",
    "DESCRIPTION": "People, facts, KPIs, cycles and scorecards.",
    "VERSION": VERSION,
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}

# Logging. To stderr, one line each; messages carry ids, never names, scores or row contents.
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "format": "{asctime} level={levelname} logger={name} pid={process:d} {message}",
            "style": "{",
        }
    },
    "filters": {"no_trace_of_refusals": {"()": "appraisal.settings.logs.NoTraceOfRefusals"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["no_trace_of_refusals"],
        }
    },
    "root": {"handlers": ["stderr"], "level": env.text("LOG_LEVEL", "INFO")},
    "loggers": {"django.server": {"handlers": ["stderr"], "propagate": False}},
}
