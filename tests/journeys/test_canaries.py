"""Everybody has a name, figures and rows like nobody else; every address is read for them.

What a status code does not tell, a body does: a total, a rank, the points of a line or a row of
somebody whom the reader may not see must stand in no answer, header or file, however it is asked.
"""

import io
import itertools
import logging
import re
import zipfile
from dataclasses import dataclass
from decimal import Decimal

import pytest
import time_machine

from agents import services
from agents.models import Team
from kpi.services.revisions import latest_revision
from tests.factories import NOW, add_agent, add_facts, add_user
from tests.results import results_for
from tests.test_routes import Visitor, list_routes, values_for

PUBLISHED, DRAFT = "2026-09", "2026-10"
PEOPLE = ("ana", "ben", "bo", "sam", "omar", "mona", "hera")
TEAMS = {"ana": "alpha", "ben": "alpha", "bo": "beta", "sam": "alpha", "omar": "beta"}
READERS = ("ana", "sam", "mona", "hera", "quinn", "ada", "nobody")
# Whose results each may read, beside the own published ones. HR sees everybody's.
LED = {
    "sam": {"ana", "ben"},
    "omar": {"bo"},
    "mona": {"ana", "ben", "bo", "sam", "omar", "hera"},
    "hana": set(PEOPLE),
    "hera": set(PEOPLE),
}
# Every way to ask that an address reads, by how the address begins.
QUERIES = {
    "boards": ("", "cycle=2026-09"),
    "teams/<str:code>/board/<": ("cycle=2026-09", "cycle=2026-10"),
    "teams/<str:code>/board/": (
        "cycle=2026-09",
        "cycle=2026-10&sort=-total",
        "cycle=2026-10&sort=calls&attention=1",
        "cycle=2026-09&team=beta",
        "cycle=2026-10&team=calls&shift=early&position=agent",
    ),
    "cycles/<str:code>/export/": (
        "",
        "format=csv",
        "format=csv&lines",
        "format=csv&draft=1",
        "format=csv&draft=1&lines",
        "format=xlsx&draft=1",
    ),
    "scorecards/<int:agent_id>/<str:code>/<slug:item>/": ("", "show0=out&page0=2", "show0=counted"),
    "people/": ("", "q=Canary&presence=all", "q=Canary&presence=gone&page=2"),
    "kpis/": ("", "period=2026-09", "period=2026-10"),
}


@dataclass(frozen=True)
class Canary:
    """What stands for one person's result of one month, and for nobody else's."""

    owner: str
    month: str
    total: Decimal
    points: Decimal
    rank: int
    sample: int
    row: str

    @property
    def scores(self):
        """How the result can be written: to two places, to one, and the rank."""
        return (f"{self.total:.2f}", f"{self.total:.1f}", f"{self.points:.2f}", str(self.rank))

    @property
    def figures(self):
        """What also the person appraised reads before publication."""
        return (str(self.sample), f"{self.sample:,}", self.row)


def canary(owner, month):
    """Figures that nothing else comes near."""
    place = PEOPLE.index(owner) * 2 + (month == DRAFT)
    return Canary(
        owner=owner,
        month=month,
        total=Decimal("41.53") + Decimal("3.13") * place + Decimal("0.04") * place**2,
        points=Decimal("5.03") + Decimal("0.29") * place,
        rank=7103 + 13 * place,
        sample=61_007 + 1_019 * place,
        row=f"queue-of-{owner}-{month}",
    )


CANARIES = [canary(owner, month) for owner in PEOPLE for month in (PUBLISHED, DRAFT)]


@pytest.fixture
def centre(cast, library):
    """September published, October a draft, everybody with figures of their own."""
    hera = add_agent("hera", team=cast.calls, position=cast.position, shift=cast.early)
    object.__setattr__(cast, "hera", add_user("hera", "hr", agent=hera))
    for name in PEOPLE:
        agent = getattr(cast, name).agent
        services.edit_agent(
            agent=agent, code=f"no-{name}", name=f"Canary {name}", name_zh="", email=""
        )
        for month in (PUBLISHED, DRAFT):
            row = {"answered": True, "talk_s": 200, "channel": "phone", "direction": "in"}
            told = row | {"day": f"{month}-05", "queue": canary(name, month).row}
            add_facts("contacts", [told] * 3, agent=agent)
    results = results_for(cast)
    for month in (PUBLISHED, DRAFT):
        write_month(cast, results, month)
    with time_machine.travel(NOW, tick=False):
        yield cast


def write_month(cast, results, month):
    run = results.run(month, published=month == PUBLISHED)
    run.watermark = latest_revision()
    run.save(update_fields=["watermark"])
    for name in PEOPLE:
        told, user = canary(name, month), getattr(cast, name)
        card = results.card(
            month,
            user,
            told.total,
            team=getattr(cast, TEAMS.get(name, "calls")),
            rank=told.rank,
            ranked_among=9_999,
        )
        results.line(card, "calls", 58, told.points, sample=told.sample)
        results.line(card, "answer_rate", "0.9", 10, sample=999)
    if month == PUBLISHED:
        results.publish(month)


def addresses(cast):
    """Every address of ours, each with everybody's ids and every way to ask."""
    found = []
    for route in list_routes():
        places = [_values(route, place, cast) for place in route.places]
        ways = next((QUERIES[one] for one in QUERIES if route.address.startswith(one)), ("",))
        for values in itertools.product(*places):
            found += [f"{route.filled(values)}?{query}" for query in ways]
    return found


def _values(route, place, cast):
    if place == "agent_id":
        return [getattr(cast, name).agent_id for name in PEOPLE]
    if place == "item":
        return ["calls", "answer_rate"]
    if route.address.startswith("teams/") and place == "code":
        return list(Team.objects.values_list("code", flat=True))
    return values_for(route, place, cast)


def told_by(answer):
    """Everything an answer gives away: body, headers, cookies, what is packed in a workbook."""
    body = answer.getvalue() if answer.streaming else answer.content
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            body = b"\n".join(book.read(name) for name in book.namelist())
    headers = "\n".join(
        f"{name}: {value}"
        for name, value in answer.headers.items()
        if name != "Content-Length"  # a number that may be anybody's by chance
    )
    # The ends of a rule on the page of a scheme: the same for everybody, anybody's by chance.
    text = re.sub(r'<figure class="rule-small">.*?</figure>', "", body.decode(), flags=re.DOTALL)
    return f"{headers}\n{answer.cookies.output()}\n{text}"


def stands_in(token, text):
    return re.search(rf"(?<![\w.,]){re.escape(token)}(?!\d)", text) is not None


def forbidden_to(reader):
    """The words that no answer to this reader may hold, each with what it would give away."""
    words = {}
    for one in CANARIES:
        is_own = one.owner == reader
        may_see = one.owner in LED.get(reader, ()) and not is_own
        if not (may_see or (is_own and one.month == PUBLISHED)):
            words |= dict.fromkeys(one.scores, f"score of {one.owner} in {one.month}")
        if is_own and reader != "hera":
            words[str(one.rank)] = f"rank of {one.owner} in {one.month}"
        if not (may_see or is_own):
            words |= dict.fromkeys(one.figures, f"rows of {one.owner} in {one.month}")
    return words | means_forbidden_to(reader)


def allowed_to(reader):
    """The words that some answer must hold, or the search would prove nothing."""
    words = {}
    for one in CANARIES:
        may_see = one.owner in LED.get(reader, ()) and one.owner != reader
        if may_see or (one.owner == reader and one.month == PUBLISHED):
            scores = (f"{one.total:.2f}", f"{one.points:.2f}")
            words |= dict.fromkeys(scores, f"score of {one.owner} in {one.month}")
        if may_see or one.owner == reader:
            words[one.row] = f"rows of {one.owner} in {one.month}"
    return words


def means_forbidden_to(reader):
    """Team scores that would give a hidden card away, the own draft among them."""
    words = {}
    groups = {"alpha": ("ana", "ben", "sam"), "beta": ("bo", "omar"), "calls": PEOPLE}
    for (team, names), month in itertools.product(groups.items(), (PUBLISHED, DRAFT)):
        may_read = set(LED.get(reader, ())) - {reader}
        if month == PUBLISHED:
            may_read.add(reader)
        if not set(names) <= may_read:
            mean = sum(canary(name, month).total for name in names) / len(names)
            words[f"{mean:.1f}"] = f"score of {team} in {month}"
    return words


@pytest.mark.parametrize("reader", READERS)
def test_everybody_reads_the_results_that_are_theirs_to_see_and_no_others(centre, reader, caplog):
    caplog.set_level(logging.CRITICAL, "django.request")  # what is refused is no news here
    visitor, hidden, wanted = Visitor(centre, reader), forbidden_to(reader), allowed_to(reader)
    leaks, missing = [], dict(wanted)

    for address in addresses(centre):
        text = told_by(visitor.ask("get", address))
        leaks += [
            f"{address}: {word}, {what}" for word, what in hidden.items() if stands_in(word, text)
        ]
        missing = {word: what for word, what in missing.items() if not stands_in(word, text)}

    assert not leaks, "\n".join(leaks)
    assert not missing
