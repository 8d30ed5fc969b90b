"""The log-ins that are shown to whoever starts the demo: one for each role, and a few more."""

from __future__ import annotations

from feedback.demo.people import PASSWORD

# Role as people read it, log-in, and what there is to see.
SHOWN = (
    ("Agent", "agent.chen", "own scorecard; the best of the telephones"),
    ("Agent", "agent.murphy", "own scorecard; falling for months"),
    ("Specialist", "agent.peng", "quarterly scorecard of after-sales"),
    ("Team leader", "lead.tan", "board of team Phone A"),
    ("Supervisor", "supervisor.okafor", "boards of the three frontline teams"),
    ("QA reviewer", "qa.mori", "KPIs and schemes"),
    ("HR", "hr.zhou", "people, imports, cycles"),
    ("HR", "hr.bennett", "approves the rows that hr.zhou asks to leave out"),
    ("Manager", "manager.lim", "a cycle that waits for approval"),
    ("Assessor", "assessor.wright", "from outside; sees no scores"),
    ("Administrator", "admin.petrova", "users; sees no scores"),
)


def logins() -> str:
    """The log-ins as a table for the terminal."""
    role, login = (max(len(row[column]) for row in SHOWN) for column in (0, 1))
    rows = [f"  {one[0]:<{role}}  {one[1]:<{login}}  {one[2]}" for one in SHOWN]
    return "\n".join([f"Password of everybody: {PASSWORD}", "", *rows])
