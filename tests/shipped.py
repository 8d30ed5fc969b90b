"""The shipped schemes by their codes."""

from typing import Any

from appraisal.scoring.documents import list_shipped_documents

S2, S9 = "s2_call_centre_agent", "s9_after_sales_specialist"


def shipped_document(code: str) -> dict[str, Any]:
    """The document of a shipped scheme, each time a new one."""
    return next(one for one in list_shipped_documents() if one["code"] == code)
