"""Django's settings, made from this installation's Options. What an operator sets is in `options.py`."""

from __future__ import annotations

import dataclasses
import os
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.utils.translation import gettext_lazy as _

from kithwell.config import options as _options

OPTIONS = _options.load()
KITHWELL: dict[str, Any] = {f.name: getattr(OPTIONS, f.name) for f in dataclasses.fields(OPTIONS)}

TESTING = "pytest" in sys.modules
DEBUG = False
SECRET_KEY = OPTIONS.secret_key
ALLOWED_HOSTS = ["*"]  # the front refuses strange host names before Django sees them (config/front.py)
ROOT_URLCONF = "kithwell.config.urls"
AUTH_USER_MODEL = "people.Account"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
APPEND_SLASH = False

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "kithwell.kernel",
    "kithwell.people",
    "kithwell.safety",
    "kithwell.directory",
    "kithwell.assistant",
    "kithwell.boundaries",
    "kithwell.moderation",
    "kithwell.moderation.files",
    "kithwell.moderation.guidelines",
    "kithwell.moderation.outside",
    "kithwell.moderation.screening",
    "kithwell.support",
    "kithwell.channels",
    "kithwell.community.groups",
    "kithwell.community.posts",
    "kithwell.community.stories",
    "kithwell.community.events",
    "kithwell.community.peers",
    "kithwell.community.notices",
    "kithwell.community.imports",
    "kithwell.ui",
]

# Short on purpose: headers, limits, hosts, logs and compression are the front's; every entry costs each page.
MIDDLEWARE = [
    "kithwell.kernel.middleware.PreferencesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "kithwell.people.middleware.PrincipalMiddleware"
    if find_spec("kithwell.people.middleware")
    else "kithwell.kernel.middleware.AnonymousMiddleware",
]
if find_spec("kithwell.people.sessions"):
    SESSION_ENGINE = "kithwell.people.sessions"

_https = OPTIONS.public_url.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "kithwell.kernel.errorpages.csrf_failure"
CSRF_TRUSTED_ORIGINS = [OPTIONS.public_url.rstrip("/")] if OPTIONS.public_url else []
DATA_UPLOAD_MAX_MEMORY_SIZE = OPTIONS.max_form_bytes
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 400
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
if TESTING:
    # A slow hash is right for people and wrong for a suite that signs in a thousand times.
    PASSWORD_HASHERS.insert(0, "django.contrib.auth.hashers.MD5PasswordHasher")

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = OPTIONS.languages[0]
_NAMES = {
    "en": _("English"),
    "es": _("Spanish"),
    "fr": _("French"),
    "de": _("German"),
    "pt": _("Portuguese"),
    "ar": _("Arabic"),
    "hi": _("Hindi"),
}
LANGUAGES = [(code, _NAMES.get(code, code)) for code in OPTIONS.languages]
LOCALE_PATHS = [Path(__file__).resolve().parents[1] / "locale"]
FORMAT_MODULE_PATH: list[str] = []

TEMPLATES: list[dict[str, Any]] = []  # every page is Jinja2, through kernel.pages
JINJA_SETUP = ["kithwell.ui.jinja.install"] if find_spec("kithwell.ui.jinja") else []
TEMPLATE_FOLDERS = [Path(__file__).resolve().parent / "templates"]  # beside those of the parts
STATIC_URL = "/static/"
LOGGING_CONFIG = "kithwell.kernel.logs.from_django"
LOGGING = {"level": OPTIONS.log_level}
TEST_RUNNER = "django.test.runner.DiscoverRunner"


def _postgres(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        # A fixed number of threads, each with a connection of its own that is kept: no pool is needed.
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 5, **dict(parse_qsl(parts.query))},
    }


def _sqlite(path: Path, synchronous: str) -> dict[str, Any]:
    return {
        "ENGINE": "kithwell.kernel.sqlite",
        "NAME": path,
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            # With DEFERRED two threads that read and then write fail with "database is locked" at once.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": f"PRAGMA journal_mode=WAL; PRAGMA synchronous={synchronous}; PRAGMA temp_store=MEMORY; "
            "PRAGMA secure_delete=ON; PRAGMA cache_size=-16000; PRAGMA journal_size_limit=67108864;",
        },
        # A real file: an in-memory database shared by threads locks whole tables and fails at once.
        "TEST": {"NAME": Path(tempfile.gettempdir()) / f"kithwell-test-{os.getpid()}.sqlite3"},
    }


DATABASES = {
    "default": _postgres(OPTIONS.database_url)
    if OPTIONS.database_url
    else _sqlite(OPTIONS.data_dir / "kithwell.sqlite3", OPTIONS.sqlite_synchronous)
}
