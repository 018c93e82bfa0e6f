"""What a child sees of our environment: what a program needs to run, and our own settings, not the rest.

An allow-list, because the shell that starts us may hold secrets that are none of the web process's business.
"""

from collections.abc import Mapping

# The programs' own needs.
SYSTEM = frozenset(
    {
        *("PATH", "HOME", "USER", "LOGNAME", "SHELL", "TERM", "TMPDIR", "TZ", "LANG", "LANGUAGE"),
        *("VIRTUAL_ENV", "LD_LIBRARY_PATH", "SSL_CERT_FILE", "SSL_CERT_DIR"),
        *("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"),
    }
)
# What `cem/settings.py` reads; `tests/local/test_environment.py` compares the two.
SETTINGS = frozenset(
    {
        *("SECRET_KEY", "DEBUG", "ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "HTTPS", "BEHIND_PROXY"),
        *("DATABASE_CONN_MAX_AGE", "SWEEP_SECONDS", "LEASE_SECONDS", "API_RATE_PER_MINUTE", "LOG_LEVEL"),
        *("BASE_URL", "PORT", "SIGN_UP", "SECRET_KEY_FALLBACKS", "UPLOAD_MAX_MB", "IMPORT_MAX_MB"),
        *("SIGN_ON_PRIVATE_ADDRESSES", "SIGN_ON_DNS_SERVER", "SIGN_ON_SESSION_HOURS"),
    }
)
PREFIXES = ("LC_", "PYTHON", "CEM_", "DJANGO_", "EMAIL_", "OMP_", "OPENBLAS_")

# Marks the processes of one run (see `leftovers`); never passed on from an outer run.
RUN_MARK = "CEM_RUN"


def passes(name: str) -> bool:
    return name in SYSTEM or name in SETTINGS or name.startswith(PREFIXES)


def minimal(environ: Mapping[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in environ.items() if passes(name)}
    kept.pop(RUN_MARK, None)
    return kept


def for_server(environ: Mapping[str, str]) -> dict[str, str]:
    """For the database and Redis servers, which read none of our settings."""
    return {name: environ[name] for name in ("PATH", "LANG", "TZ", "LD_LIBRARY_PATH") if name in environ}
