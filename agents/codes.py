"""Codes that stand in addresses."""

import re
from typing import Final

LONGEST: Final = 64
"""Characters that the columns of codes hold."""
_SLUG: Final = re.compile(r"[-a-zA-Z0-9_]+")


def fits_address(code: str) -> bool:
    """Whether a page could be reached under a code: letters, digits, - and _, at most 64."""
    return len(code) <= LONGEST and _SLUG.fullmatch(code) is not None
