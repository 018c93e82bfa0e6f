"""Settings, all from the environment. `docs/settings.md` lists the variables."""

import secrets
from contextlib import suppress
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF

from cem.lib.env import Env, ImproperEnvironment, database_from_url, mail_from_url
from cem.local.discovery import discover

BASE_DIR = Path(__file__).resolve().parent.parent
env = Env()
VAR_DIR = Path(env.text("CEM_VAR", str(BASE_DIR / "var"))).resolve()


def secret_key() -> str:
    """From the environment, else one made once and kept in var/, readable by this user alone."""
    if given := env.text("SECRET_KEY", ""):
        return given
    path = VAR_DIR / "secret_key"
    if not path.exists():
        VAR_DIR.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(f".{secrets.token_hex(4)}")
        fresh.touch(0o600)
        fresh.write_text(secrets.token_urlsafe(50))
        with suppress(FileExistsError):
            path.hardlink_to(fresh)  # atomic: the first of two starters wins
        fresh.unlink()
    return path.read_text()


SECRET_KEY = secret_key()
DEBUG = env.flag("DEBUG", False)
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")
HTTPS = env.flag("HTTPS", False)

INSTALLED_APPS = [
    "cem",
    "accounts",
    "crm",
    "feedback",
    "analytics",
    "dashboards",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "cem.middleware.RequestIdMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.audit.current.CurrentRequest",
    "accounts.middleware.OrganizationMiddleware",
    # Inside ours: the answers that its views raise are its own, and undo nothing.
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "cem.urls"
WSGI_APPLICATION = "cem.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "dashboards.frame.frame",
            ],
        },
    }
]

# Database: the runtime role serves; the owner (absent in web and worker) migrates and makes test databases.
_local = discover(BASE_DIR)
_urls = {
    name: env.text(name, _local.get(name, "")) for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")
}
if not _urls["DATABASE_URL"] or not _urls["REDIS_URL"]:
    missing = "DATABASE_URL" if not _urls["DATABASE_URL"] else "REDIS_URL"
    raise ImproperEnvironment(
        f"{missing} is not set and nothing runs in {VAR_DIR}. Start `make demo` (it brings its own PostgreSQL and "
        "Redis), or name your servers: see docs/settings.md."
    )
DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        "ENGINE": "cem.lib.db",
        **database_from_url(_urls["DATABASE_URL"], "DATABASE_URL"),
        "CONN_MAX_AGE": env.whole("DATABASE_CONN_MAX_AGE", 600),
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
    }
}
if _urls["DATABASE_OWNER_URL"]:
    _owner = database_from_url(_urls["DATABASE_OWNER_URL"], "DATABASE_OWNER_URL")
    DATABASES["default"]["OWNER"] = {key: _owner[key] for key in ("USER", "PASSWORD")}
REDIS_URL = _urls["REDIS_URL"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# People
AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# Log-in: django-allauth, its views mounted one by one in accounts/login/urls.py.
ACCOUNT_ADAPTER = "accounts.login.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "accounts.login.forms.LoginForm",
    "reset_password": "accounts.login.forms.ResetPasswordForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
#: A mailbox is proved before its account is made: by the invitation or by the sign-up mail.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
#: "open": anybody with a mailbox may found an organization. "closed": people come in by invitation only.
SIGN_UP = env.text("SIGN_UP", "closed")
if SIGN_UP not in ("open", "closed"):
    raise ImproperEnvironment(f"SIGN_UP={SIGN_UP!r} is neither open nor closed.")
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
#: The key of a failed log-in is account and network together (accounts/login/adapters.py).
ACCOUNT_RATE_LIMITS = {"login": "120/m/ip", "login_failed": "60/m/ip,5/5m/key", "sign_on": "600/m/ip"}
MFA_ADAPTER = "accounts.login.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_TOTP_ISSUER = "CEM"
MFA_TOTP_TOLERANCE = 1  # phones' clocks drift; half a minute either way
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
#: A passkey alone opens the door: it is the device and its lock, two steps in one.
MFA_PASSKEY_LOGIN_ENABLED = True
#: Single sign-on (accounts/sso). Providers are asked over https and at public addresses only; true lets this
#: installation reach one in its own network, or over plain http. It lets administrators reach that network too.
SIGN_ON_PRIVATE_ADDRESSES = env.flag("SIGN_ON_PRIVATE_ADDRESSES", False)
#: host:port of the DNS server that proofs of domains are read from; empty: the machine's own.
SIGN_ON_DNS_SERVER = env.text("SIGN_ON_DNS_SERVER", "")
if SIGN_ON_DNS_SERVER and not SIGN_ON_DNS_SERVER.rpartition(":")[2].isdigit():
    raise ImproperEnvironment(
        f"SIGN_ON_DNS_SERVER={SIGN_ON_DNS_SERVER!r} is not host:port, such as 9.9.9.9:53."
    )
#: A session that a provider opened ends after so many hours, so that whoever left there is soon out here.
SIGN_ON_SESSION_HOURS = env.whole("SIGN_ON_SESSION_HOURS", 12, low=1)
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")
CACHES = {
    "default": {
        "BACKEND": "cem.lib.cache.QuietRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "cem",
        "OPTIONS": {"socket_timeout": 0.5, "socket_connect_timeout": 0.5},
    }
}

# Mail: sent by the worker. Without EMAIL_URL each mail becomes a file in var/mail, so that the demo needs no server.
globals().update(mail_from_url(env.text("EMAIL_URL", ""), str(VAR_DIR / "mail")))
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM", "CEM <no-reply@localhost>")
#: Where people reach this installation: links in mails begin with it.
BASE_URL = env.text("BASE_URL", f"http://127.0.0.1:{env.whole('PORT', 8000)}").rstrip("/")

# Browser
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("BEHIND_PROXY", False) else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "report-uri": "/csp-report",
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
#: Of all files of one request together; what is larger is refused while it comes in.
UPLOAD_MAX_MB = env.whole("UPLOAD_MAX_MB", 20, low=1)
FILE_UPLOAD_HANDLERS = [
    "cem.uploads.Bounded",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
#: Of one import file, inflated.
IMPORT_MAX_MB = env.whole("IMPORT_MAX_MB", 4_000, low=1)

# Static files: from our folder and from installed packages, never copied in.
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "cem.staticfiles.PlotlyFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
MEDIA_ROOT = VAR_DIR / "files"

# Language, time
LANGUAGE_CODE = "en"
USE_TZ = True
TIME_ZONE = "UTC"

# Celery. Redis holds nothing that cannot be rebuilt: what is owed stands in the outbox.
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_DB_REUSE_MAX = 10_000
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_timeout": 5, "socket_connect_timeout": 2}
CELERY_TASK_SERIALIZER = "json"
CELERY_TIMEZONE = "UTC"

#: A stopped scheduler must not leave a heap of sweeps behind: each expires before the next two.
SWEEP_SECONDS = env.whole("SWEEP_SECONDS", 2, low=1)
CELERY_BEAT_SCHEDULE = {
    "relay": {
        "task": "accounts.relay",
        "schedule": float(SWEEP_SECONDS),
        "options": {"expires": 2 * SWEEP_SECONDS},
    },
    "weekly-studies": {"task": "analytics.sweep_schedule", "schedule": 600.0, "options": {"expires": 600}},
    "retention": {"task": "accounts.retention_due", "schedule": 86_400.0, "options": {"expires": 3_600}},
    "deletions": {"task": "accounts.sweep_deletions", "schedule": 3_600.0, "options": {"expires": 3_600}},
    "tidy": {"task": "accounts.tidy", "schedule": 86_400.0, "options": {"expires": 3_600}},
}
#: How long a worker may be silent before another takes over what it was doing.
LEASE_SECONDS = env.whole("LEASE_SECONDS", 20, low=2)


REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["accounts.api.authentication.ApiKeyAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["accounts.api.permissions.HasScope"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["cem.lib.rest.parsers.StrictJSONParser"],
    "DEFAULT_THROTTLE_CLASSES": ["accounts.api.rate.KeyRate"],
    "DEFAULT_PAGINATION_CLASS": "cem.lib.rest.paging.CursorPage",
    "DEFAULT_FILTER_BACKENDS": ["cem.lib.rest.filters.StrictFilters"],
    "DEFAULT_SCHEMA_CLASS": "cem.lib.rest.schema.ProblemSchema",
    "DEFAULT_METADATA_CLASS": None,
    "EXCEPTION_HANDLER": "cem.lib.rest.problems.exception_handler",
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,
    "COERCE_DECIMAL_TO_STRING": True,
}
#: Requests a minute for each API key.
API_RATE_PER_MINUTE = env.whole("API_RATE_PER_MINUTE", 600, low=1)
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "CEM",
    "DESCRIPTION": "Customers, what they do, what they feel, and how the two are linked.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "COMPONENT_NO_READ_ONLY_REQUIRED": False,
    "ENUM_NAME_OVERRIDES": {
        "TransactionKind": "crm.models.transaction.TransactionKind",
        "Channel": "crm.models.interaction.Channel",
        "ResponseStatus": "feedback.models.response.Response.Status",
        "RunStatus": "analytics.models.study.Run.Status",
        "StudyKind": "analytics.models.study.Study.Kind",
    },
    "APPEND_COMPONENTS": {
        "securitySchemes": {
            "apiKey": {"type": "http", "scheme": "bearer", "description": "An API key: `Bearer cem_…`."}
        }
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "WARNING")},
}
