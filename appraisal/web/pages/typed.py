"""Figures as people type them in a form: ``95%``, ``12 h``, ``1,200``; and back, exactly."""

from __future__ import annotations

import re
from decimal import Decimal

from appraisal.scoring.reading import as_decimal, dump_number
from appraisal.scoring.wording import HOUR, displayed, suffix
from appraisal.web.pages.grades import language

PERCENT = "share"
PLAIN = "number"

_HUNDRED = Decimal(100)
# What one may write behind a duration, and what it is worth in seconds.
_SECONDS = {
    "s": 1, "sec": 1, "秒": 1, "min": 60, "m": 60, "分": 60, "分钟": 60,
    "h": HOUR, "小时": HOUR, "时": HOUR,
}  # fmt: skip
# A comma stands between thousands and nowhere else: 40,5 is not taken for 405.
_GROUPED = re.compile(r"[-+]?\d{1,3}([,，]\d{3})+(\.\d*)?")
_COMMAS = re.compile(r"[,，]")
_SIGNS = ("%", "％", "‰", "days", "day", "天", "h", "小时", "min", "分钟")


def typed(value: object, unit: str) -> str:
    """A number of a document as its field shows it; what is no number is shown as it stands."""
    number = as_decimal(value)
    if value is None or number is None:
        return "" if value is None else str(value)
    shown, scale = displayed(number, unit)
    if scale == "h" and unit == "s" and shown != round(shown, 2):
        shown, scale = number, "s"
    figure = _figure(shown)
    return figure + suffix(scale, language(), figure)


def _figure(value: Decimal) -> str:
    return f"{value:f}".rstrip("0").rstrip(".") if value % 1 else f"{value:.0f}"


def read_typed(text: str, unit: str) -> int | str | None:
    """A field's text as the document writes it; nothing for an empty one.

    A share is always typed in percent, a duration in seconds unless its unit is written. What
    cannot be read stays as it is, so that it is refused and seen where it was typed.
    """
    bare = text.strip()
    if not bare:
        return None
    value = _seconds(bare) if unit == "s" else _number(bare)
    if value is None:
        return bare
    if unit == PERCENT:
        value /= _HUNDRED
    return dump_number(value)


def _number(text: str) -> Decimal | None:
    for sign in _SIGNS:
        text = text.removesuffix(sign)
    return as_decimal(without_commas(text.strip()))


def without_commas(text: str) -> str:
    """A figure without the commas between its thousands; with others it stays as it is."""
    return _COMMAS.sub("", text) if _GROUPED.fullmatch(text) else text


def _seconds(text: str) -> Decimal | None:
    name = text.lstrip("-+.,，0123456789 ").strip()
    number = as_decimal(without_commas(text.removesuffix(name).strip()))
    factor = _SECONDS.get(name.lower() or "s")
    return None if number is None or factor is None else number * factor
