"""Typed reading of the environment: a missing or wrong value stops the start and says so.

Every function takes the variable's name first. A default makes the variable optional.
``.env.example`` lists every name that the settings read.
"""

import os
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from environ import Env

DATABASE_SCHEMES = ("postgres", "postgresql")
TRUE_WORDS = frozenset({"1", "true", "yes", "on"})
FALSE_WORDS = frozenset({"0", "false", "no", "off"})


def text(name: str, default: str | None = None) -> str:
    """Read a text.

    Raises:
        ImproperlyConfigured: not set, or empty, and there is no default.
    """
    value = os.environ.get(name, "").strip() or default
    if value is None:
        raise ImproperlyConfigured(f"Set the environment variable {name}.")
    return value


def secret(name: str, default: str | None = None) -> str:
    """Read a secret from NAME, or from the file that NAME_FILE names.

    Raises:
        ImproperlyConfigured: both are set, the file cannot be read, or nothing is set.
    """
    file_name = os.environ.get(f"{name}_FILE", "").strip()
    if not file_name:
        return text(name, default)
    if os.environ.get(name, "").strip():
        raise ImproperlyConfigured(f"Set either {name} or {name}_FILE, not both.")
    try:
        value = Path(file_name).read_text(encoding="utf-8").strip()
    except OSError as error:
        reason = error.strerror or "it cannot be read"
        raise ImproperlyConfigured(f"{name}_FILE names {file_name}: {reason}.") from error
    if not value:
        raise ImproperlyConfigured(f"{name}_FILE names {file_name}, which is empty.")
    return value


def flag(name: str, *, default: bool) -> bool:
    """Read yes or no, in one of the usual spellings.

    Raises:
        ImproperlyConfigured: anything else.
    """
    word = text(name, str(default)).lower()
    if word not in TRUE_WORDS | FALSE_WORDS:
        raise ImproperlyConfigured(f"{name} must be true or false, not {word!r}.")
    return word in TRUE_WORDS


def whole_number(name: str, default: int) -> int:
    """Read a whole number of 0 or more.

    Raises:
        ImproperlyConfigured: not a number, or below 0.
    """
    value = text(name, str(default))
    if not (value.isascii() and value.isdigit()):
        raise ImproperlyConfigured(f"{name} must be a whole number of 0 or more, not {value!r}.")
    return int(value)


def word_list(name: str, default: str | None = None) -> list[str]:
    """Read a list of words separated by commas; blanks and empty parts are dropped."""
    return [part.strip() for part in text(name, default or ",").split(",") if part.strip()]


def folder(name: str, default: Path) -> Path:
    """Read the path of a folder, made absolute; it is not created."""
    return Path(text(name, str(default))).expanduser().absolute()


def database(name: str) -> dict[str, Any] | None:
    """Read a PostgreSQL address as Django's settings, None when it is not set.

    Raises:
        ImproperlyConfigured: the address is not one of PostgreSQL.
    """
    address = secret(name, "")
    if not address:
        return None
    if address.split(":", 1)[0] not in DATABASE_SCHEMES:
        raise ImproperlyConfigured(
            f"{name} must start with postgres:// because PostgreSQL is the only database used."
        )
    return dict(Env.db_url_config(address))


def email(name: str, default: str) -> dict[str, Any]:
    """Read an address such as ``smtp+tls://user:password@host:587`` as Django's e-mail settings.

    Raises:
        ImproperlyConfigured: the kind of address is unknown.
    """
    address = secret(name, default)
    try:
        return dict(Env.email_url_config(address))
    except (KeyError, ValueError, ImproperlyConfigured) as error:
        raise ImproperlyConfigured(f"{name} is not an e-mail server's address.") from error
