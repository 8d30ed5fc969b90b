"""What is one figure for the whole centre, held against both ends in four months."""

from datetime import date

import pytest

from tests.golden.centre import (
    Centre,
    columns,
    compute,
    line_of,
    open_centre,
    open_cycle,
    part,
)

# July is below every worst, August stands on it, September half way, October on every best.
# Of the answered calls twenty say whether they were resolved at once and whether transferred.
FACTS = """
              2026-07 2026-08 2026-09 2026-10
answered        31/40   32/40   35/40   38/40
satisfied       36/50   37/50   17/20   19/20
first_contact   11/20   12/20   14/20   17/20
transferred      5/20    4/20    3/20    1/20
"""

# Nothing else is measured of these four people, so that all weight comes to these lines: 100;
# 50 and 50 of weights 10 and 10; 50, 25 and 25 of weights 10, 5 and 5.
# September: 0.875 lies half way from 0.8 to 0.95; 17/20 at 11/21 from 0.74 to 0.95: 26.1905; 0.7 at
# 0.1/0.25 from 0.6 to 0.85; 0.15 at 0.05/0.15 from 0.2 to 0.05: 8.3333
POINTS = """
                            2026-07 2026-08 2026-09 2026-10
agent:answer_rate              0.00    0.00   50.00  100.00
team_leader:answer_rate        0.00    0.00   50.00  100.00
qa_reviewer:answer_rate        0.00    0.00   25.00   50.00
qa_reviewer:satisfaction       0.00    0.00   26.19   50.00
manager:satisfaction           0.00    0.00   26.19   50.00
manager:first_contact          0.00    0.00   10.00   25.00
manager:transfers              0.00    0.00    8.33   25.00
"""


def _write(centre: Centre, day: date, facts: dict[str, str]) -> None:
    answered, offered = part(facts["answered"])
    first, known = part(facts["first_contact"])
    transferred, _known = part(facts["transferred"])
    for number in range(known):
        centre.calls(
            "zoe", day, 1, resolved_first=number < first, transferred=number < transferred
        )  # fmt: skip
    centre.calls("zoe", day, answered - known)
    centre.calls(None, day, offered - answered)
    centre.surveys("zoe", day, *part(facts["satisfied"]))


@pytest.fixture
def centre(library):
    """One person of each scheme that has such an item; a trainee takes the calls."""
    centre = open_centre()
    for code in ("agent", "team_leader", "qa_reviewer", "manager"):
        centre.person(code, code, team=f"team-{code}")
    centre.person("zoe", "trainee")
    for month, facts in columns(FACTS).items():
        _write(centre, date.fromisoformat(f"{month}-10"), facts)
    centre.store()
    return centre


def test_both_ends_of_what_the_centre_is_measured_by(centre):
    for month, expected in columns(POINTS).items():
        run = compute(open_cycle(month))

        points = {row: str(line_of(run, *row.split(":")).points) for row in expected}
        assert points == expected, month
