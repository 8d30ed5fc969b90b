"""How much a file may hold and what a value may be: every limit of the import in one place."""

from __future__ import annotations

from dataclasses import dataclass

DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost. Bytes, rows, columns, characters; see the setting of this name."""

    text_bytes: int = 1_000_000_000
    json_bytes: int = 100_000_000
    line_bytes: int = 1_000_000
    text_columns: int = 1_000
    workbook_bytes: int = 20_000_000
    unpacked_bytes: int = 300_000_000
    workbook_entries: int = 200
    workbook_rows: int = 200_000
    workbook_columns: int = 200
    child_memory_bytes: int = 2_000_000_000
    child_seconds: int = 120


# The longest a duration may be, in seconds, where it is not a day.
LONGEST_S: dict[tuple[str, str], int] = {
    ("contacts", "first_response_s"): 31 * DAY_S,
    ("tickets", "first_response_s"): 366 * DAY_S,
    ("tickets", "resolution_s"): 3 * 366 * DAY_S,
}
LONGEST_DURATION_S = DAY_S
MOST_OF_A_COUNT = 1_000_000

# Score fields whose scale is fixed; a survey's score is held against its own scale instead.
SCORE_RANGES: dict[tuple[str, str], tuple[int, int]] = {
    ("reviews", "score"): (0, 100),
    ("trainings", "score"): (0, 500),  # words a minute; of all but typing tests, percent
    ("tickets", "outcome_score"): (0, 100),
    ("surveys", "nps"): (0, 10),
    ("shifts", "late_min"): (0, 1_440),
    ("shifts", "early_min"): (0, 1_440),
    ("shifts", "leave_days"): (0, 1),
    ("trainings", "hours"): (0, 1_000),
    ("events", "quantity"): (0, 100_000),
}
SCALE_RANGES: dict[str, tuple[int, int]] = {
    "1-4": (1, 4),
    "1-5": (1, 5),
    "0-10": (0, 10),
    "binary": (0, 1),
}
MAPPING_CHARACTERS = 64_000
MAPPING_DEPTH = 20
MAPPING_DIGITS = 18  # of a whole number
PROBLEMS_KEPT_PER_ROW = 3
