"""Every address of ours, found by itself, opened by everybody of the cast with good and bad ids.

No answer is a fault of the server, what the matrix forbids does not exist, and what a person may
not see looks like what is not there. A new route is covered as soon as it has an address.
"""

import itertools
import logging
import re
from dataclasses import dataclass
from html.parser import HTMLParser

import pytest
import time_machine
from django.apps import apps
from django.db import transaction
from django.test import Client
from django.urls import get_resolver

from agents import access, periods
from agents.models import Alias
from appraisal.models import Scheme
from appraisal.services import cycles, drafts, pay, publication, runs
from kpi.models import ImportBatch
from kpi.services import jobs
from tests.factories import NOW, add_facts
from tests.pay import put_to_use

OURS = ("agents", "kpi", "appraisal", "feedback")
NAMES = ("ana", "sam", "omar", "hana", "mona", "ada", "quinn", "nobody")
GOOD = {200, 302, 400, 403, 404, 405, 409, 422}
LOG_IN = "/accounts/login/"
NEVER_THERE = ("0", "9223372036854775808", "abc", "%00")
# What stands for a text in an address: something of one's own, something of others.
TEXTS = {
    ("cycles", "code"): ("2026-10", "2026-09"),
    ("cycles", "line"): ("calls", "breaks", "after_call_days"),
    ("pay", "code"): ("s13_piece_rate",),
    ("kpis", "code"): ("calls_per_shift",),
    ("schemes", "code"): ("s2_call_centre_agent",),
    ("scorecards", "code"): ("2026-10", "2026-09"),
    ("scorecards", "item"): ("calls",),
    ("teams", "code"): ("alpha", "beta"),
    ("people", "kind"): ("csv", "xlsx"),
    ("data", "code"): ("shifts",),
    ("data", "ending"): ("csv", "xlsx"),
    ("data", "sheet"): ("events", "shifts"),
}
JUNK = (
    "page=0&number=-1&rows=abc&table=99&cycle=10000-13&period=0000-00&from=0001-01-01&on=2026-02-30",
    "page=9223372036854775808&agent=9223372036854775808&team=9223372036854775808&size=-5&year=-1",
    "cycle=2026-10..2026-09&code=%E2%80%AE&month=99&kpi=__class__&scheme=%25s&sort=-nothing",
    "q=%FF%FE&team=%FF&cycle=%FF&order=;drop&shift=%27&page=1&page=2&presence=nowhere&tab=none",
    "q=%00&text=%00&state=%00&source=%00&sort=%00&cycle=%00&team=%00&position=%00",
)
BAD_VALUES = ("\x00", "9" * 23, "-1", "0001-01-01", "=1+1 \u202e \U0001f4de", "x" * 5_000)


@dataclass(frozen=True)
class Route:
    """An address with its places to fill, and the rule its view declares."""

    address: str
    rule: str | None

    @property
    def places(self):
        return re.findall(r"<(?:\w+:)?(\w+)>", self.address)

    def filled(self, values):
        """The address with a value for each place, in order."""
        left = iter(values)
        return "/" + re.sub(r"<[^>]+>", lambda _place: str(next(left)), self.address)


def list_routes():
    def walk(patterns, start):
        for one in patterns:
            address = start + str(one.pattern)
            if hasattr(one, "url_patterns"):
                yield from walk(one.url_patterns, address)
            elif one.callback.__module__.split(".")[0] in OURS:
                yield Route(address, getattr(one.callback, "access_rule", None))

    return list(walk(get_resolver().url_patterns, ""))


def values_for(route, place, cast):
    """What to put in a place: something of one's own, something of others."""
    if place == "agent_id":
        return [cast.ana.agent_id, cast.bo.agent_id, cast.sam.agent_id]
    if place == "user_id":
        return [cast.ana.pk, cast.ada.pk]
    if place.endswith("_id"):
        return [_first_pk(place.removesuffix("_id"))]
    return list(TEXTS.get((route.address.partition("/")[0], place), ["abc"]))


def _first_pk(name):
    models = [one for app in OURS for one in apps.get_app_config(app).get_models()]
    by_name = {model.__name__.lower(): model for model in models}
    model = by_name.get(name.replace("_", "")) or by_name.get("import" + name)
    first = model._default_manager.order_by("pk").first() if model else None
    return first.pk if first else 1


def addresses_of(route, cast):
    """Every way to fill a route: all that exists against each other, then what never was."""
    there = itertools.product(*(values_for(route, place, cast) for place in route.places))
    addresses = [route.filled(values) for values in there]
    if route.places:
        addresses += [route.filled([bad] * len(route.places)) for bad in NEVER_THERE]
    return addresses


@pytest.fixture
def centre(cast, library, caplog):
    """September is published, October waits for the manager; a scheme is written, a file came."""
    caplog.set_level(logging.CRITICAL, "django.request")  # what is refused is no news here
    with time_machine.travel(NOW, tick=False):
        put_to_use(cast.hana, cast.mona)
        row = {"answered": True, "talk_s": 200, "channel": "phone", "direction": "in"}
        for user, month in itertools.product((cast.ana, cast.bo), (9, 10)):
            days = [row | {"day": f"2026-{month:02}-05"}] * 25
            add_facts("contacts", days, agent=user.agent)
        september = asked(cast, 9)
        publication.publish(publication=september, decided_by=cast.mona, now=NOW)
        asked(cast, 10)
        scheme = Scheme.objects.get(code="s2_call_centre_agent")
        drafts.start_draft(scheme=scheme, edited_by=cast.hana, now=NOW)
        Alias.objects.create(value="ana@phone", agent=cast.ana.agent)
        ImportBatch.objects.create(
            file_name="calls.csv", sha256="0" * 64, uploaded_by=cast.hana, uploaded_at=NOW
        )
        yield cast


def asked(cast, month):
    cycle = cycles.open_cycle(period=periods.month(2026, month), opened_by=cast.hana, now=NOW)
    run = runs.request_run(cycle=cycle, asked_by=cast.hana, now=NOW)
    jobs.perform(
        job_id=run.job_id,
        do=lambda job, progress: runs.compute_run(
            run_id=run.pk, progress=progress, now=lambda: NOW
        ),
    )
    run.refresh_from_db()
    pay.compute_pay(run=run, asked_by=cast.hana, now=NOW)
    return publication.ask_publication(run=run, asked_by=cast.hana, note="", now=NOW)


class Visitor:
    """Somebody of the cast, whose every request is undone afterwards."""

    def __init__(self, cast, name):
        self.user = getattr(cast, name, None)
        self.client = cast.client(name) if self.user else Client()
        self.client.raise_request_exception = False
        self.cookies = self.client.cookies.copy()

    def ask(self, method, address, data=None):
        try:
            with transaction.atomic():
                answer = getattr(self.client, method)(address, data)
                if answer.streaming:
                    answer.getvalue()  # reads the file to its end, which closes it
                transaction.set_rollback(True)
        finally:
            self.client.cookies = self.cookies.copy()
        return answer

    def allowed(self, rule):
        return rule == "open" or (self.user is not None and access.allows(self.user, rule))


@pytest.fixture
def visitor(request, centre):
    return Visitor(centre, request.param)


def told(method, address, answer):
    """A fault as one line."""
    what = f"{method} {address} -> {answer.status_code}"
    error = getattr(answer, "exc_info", None)
    return f"{what} {error[0].__name__}: {error[1]}" if error else what


def plain(answer, address):
    """The body without what differs by request: its token and its own address."""
    text = re.sub(r'value="\w{64}"', "", answer.content.decode())
    return text.replace(address, "")


def test_every_route_declares_its_rule():
    silent = [route.address for route in list_routes() if route.rule is None]

    assert silent == []


def test_every_rule_is_one_of_the_matrix():
    rules = {route.rule for route in list_routes()} - {"open", None}

    assert rules <= set(access.matrix()["actions"])


@pytest.mark.parametrize("visitor", NAMES, indirect=True)
@pytest.mark.parametrize("method", ["get", "post"])
def test_no_address_is_a_fault_and_the_forbidden_does_not_exist(visitor, centre, method):
    faults = []
    for route in list_routes():
        for address in addresses_of(route, centre):
            answer = visitor.ask(method, address)
            if answer.status_code not in GOOD or not _keeps(route, visitor, answer):
                faults.append(told(method, address, answer))

    assert not faults, "\n".join(faults)


def _keeps(route, visitor, answer):
    """Whether an answer keeps the rule of its route; a bad id may be unknown even before it."""
    if route.rule is None or visitor.allowed(route.rule) or answer.status_code in {400, 404}:
        return True
    is_stranger = visitor.user is None
    return is_stranger and answer.status_code == 302 and answer.url.startswith(LOG_IN)


@pytest.mark.parametrize("visitor", ["ana", "sam", "omar", "mona", "quinn", "ada"], indirect=True)
def test_person_out_of_sight_is_nowhere(visitor, centre):
    seen = set(access.people_visible_to(visitor.user, NOW.date()).values_list("pk", flat=True))
    hidden = [user.agent_id for user in (centre.ana, centre.bo, centre.mona)]
    found = []
    for route, agent_id in itertools.product(list_routes(), hidden):
        if "agent_id" not in route.places or agent_id in seen:
            continue
        others = [
            [agent_id] if place == "agent_id" else values_for(route, place, centre)
            for place in route.places
        ]
        for address in map(route.filled, itertools.product(*others)):
            answer = visitor.ask("get", address)
            if answer.status_code not in {404, 405}:
                found.append(told("get", address, answer))

    assert not found, "\n".join(found)


@pytest.mark.parametrize("visitor", ["ana", "omar", "quinn"], indirect=True)
def test_forbidden_looks_like_unknown(visitor, centre):
    unknown = plain(visitor.ask("get", "/no/such/page/"), "/no/such/page/")
    differing = []
    for route in list_routes():
        for address in addresses_of(route, centre):
            answer = visitor.ask("get", address)
            if answer.status_code == 404 and plain(answer, address) != unknown:
                differing.append(address)

    assert differing == []


@pytest.mark.parametrize("visitor", ["hana", "mona"], indirect=True)
def test_nonsense_in_the_query_is_no_fault(visitor, centre):
    faults = []
    for route in list_routes():
        if route.rule is None or not visitor.allowed(route.rule):
            continue
        good = route.filled([values_for(route, place, centre)[0] for place in route.places])
        for query in JUNK:
            answer = visitor.ask("get", f"{good}?{query}")
            if answer.status_code not in GOOD:
                faults.append(told("get", f"{good}?{query}", answer))

    assert not faults, "\n".join(faults)


class Forms(HTMLParser):
    """The forms of a page that are sent by POST: where to, and the names of their fields."""

    def __init__(self, page):
        super().__init__()
        self.found = []
        self.is_post = False
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "form":
            self.is_post = (given.get("method") or "").lower() == "post"
            if self.is_post:
                self.found.append((given.get("action") or "", set()))
        elif self.is_post and given.get("name") not in {None, "csrfmiddlewaretoken"}:
            self.found[-1][1].add(given["name"])


@pytest.mark.parametrize("visitor", ["hana", "mona", "ada", "sam"], indirect=True)
def test_nonsense_in_a_form_is_no_fault(visitor, centre):
    faults, seen = [], set()
    for route in list_routes():
        if route.rule is None or not visitor.allowed(route.rule):
            continue
        page = route.filled([values_for(route, place, centre)[0] for place in route.places])
        for address, names in forms_of(visitor, page):
            kind = re.sub(r"\d+", "", address), names
            for value in BAD_VALUES if kind not in seen else ():
                answer = visitor.ask("post", address, dict.fromkeys(names, value))
                if answer.status_code not in GOOD:
                    faults.append(f"{told('post', address, answer)} {names} {value[:9]!r}")
            seen.add(kind)

    assert not faults, "\n".join(faults)


def forms_of(visitor, page):
    answer = visitor.ask("get", page)
    if answer.status_code != 200 or "html" not in answer.headers["Content-Type"]:
        return []
    found = Forms(answer.content.decode()).found
    return [(action or page, tuple(sorted(names))) for action, names in found]
