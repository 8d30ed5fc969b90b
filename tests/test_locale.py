"""The Chinese catalogue: whole, and compiled from its source."""

import gettext
import re
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "locale" / "zh_Hans" / "LC_MESSAGES"
SOURCE = (FOLDER / "django.po").read_text(encoding="utf-8")


def entries():
    _header, *blocks = SOURCE.strip().split("\n\n")
    return blocks


def test_every_text_has_its_chinese():
    empty = [block for block in entries() if re.search(r'msgstr(\[0\])? ""$', block)]

    assert empty == []


def test_no_translation_is_a_guess_of_the_tools():
    assert [block for block in entries() if ", fuzzy" in block] == []


def test_compiled_catalogue_holds_every_text_of_its_source():
    with (FOLDER / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)

    keys = {key if isinstance(key, str) else key[0] for key in compiled._catalog if key}
    assert len(keys) == len(entries())
