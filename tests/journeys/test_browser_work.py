"""A month of work in a browser: a file is taken in, a cycle computed, sent, published, read."""

import csv
import io
from datetime import UTC, datetime

import pytest
import time_machine
from playwright.sync_api import expect

from agents import periods
from appraisal.services import cycles, runs
from kpi.models import Job
from tests.factories import NOW, add_facts
from tests.journeys.tabs import tab_of
from tests.journeys.working import work_off

pytestmark = pytest.mark.browser

SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])


@pytest.fixture
def today(live_server):
    """The third of November, for the server too."""
    with time_machine.travel(NOW):
        yield


@pytest.fixture
def open_tab(browser, live_server, cast, library, session, today, scripts):
    """Opens a tab of somebody of the cast."""

    def opened(name, **options):
        return tab_of(
            browser,
            live_server.url,
            session=session(name),
            java_script_enabled=scripts,
            **options,
        )

    return opened


def call_file():
    """Forty calls of October, by two people on record; two of them cannot be."""
    lines = ["Call ID,Start time,Agent,Wait seconds,Talk seconds,Answered"]
    for number in range(1, 41):
        agent = "ana" if number % 2 else "ben"
        talk = -5 if number == 7 else 200 + number
        start = f"2026-10-{number % 28 + 1:02} 09:{number:02}:00"
        if number == 11:
            start = "2026-13-40 09:00:00"
        lines.append(f"C{number},{start},{agent},{number},{talk},Y")
    return {"name": "calls.csv", "mimeType": "text/csv", "buffer": "\n".join(lines).encode()}


@SCRIPTS
def test_file_is_recognised_confirmed_and_imported(open_tab, scripts):
    with open_tab("hana") as tab:
        tab.open("/data/")
        tab.page.get_by_label("File").set_input_files(call_file())
        tab.page.get_by_role("button", name="Upload and look").click()
        expect(tab.page.get_by_text("Recognised as contacts")).to_be_visible()
        row = tab.page.locator("table.map").get_by_role("row", name="Talk seconds")
        expect(row).to_contain_text("Talk")
        if scripts:
            expect(tab.page.get_by_text("What would happen to the 40 rows")).to_be_visible()
            tab.check_access()
        tab.look_at_both_widths()

        tab.page.get_by_role("button", name="Import", exact=True).click()
        expect(tab.page.get_by_text("Waiting for a worker")).to_be_visible()
        tab.look()
        assert work_off() == 1
        if not scripts:
            tab.page.get_by_role("link", name="Look again").click()

        expect(tab.page.get_by_text("What became of the 40 rows")).to_be_visible()
        tab.look_at_both_widths()
        with tab.page.expect_download() as download:
            tab.page.get_by_role("link", name="Download all with their reasons").click()
        text = download.value.path().read_text(encoding="utf-8-sig")
    rejected = list(csv.reader(io.StringIO(text)))
    assert rejected[0] == ["Line", "Kind", "Column", "Value", "Reason"]
    assert [row[0] for row in rejected[1:]] == ["8", "12"]


def october(cast):
    """Calls of October, and its cycle."""
    row = {
        "channel": "phone",
        "direction": "in",
        "answered": True,
        "talk_s": 270,
        "wait_s": 10,
        "started_at": datetime(2026, 10, 5, 1, tzinfo=UTC),
        "day": "2026-10-05",
    }
    for person in (cast.ana, cast.ben):
        add_facts("contacts", [row] * 58, agent=person.agent)
    return cycles.open_cycle(period=periods.month(2026, 10), opened_by=cast.hana, now=NOW)


def half_way(job):
    """Leave a job where a worker at work would: two of four steps done."""
    job.state, job.stage, job.started_at = Job.State.RUNNING, "points", NOW
    job.stages_done = [["watermark", 0.1], ["measures", 0.4]]
    job.lease_until = NOW + runs.jobs.LEASE
    job.save()


@SCRIPTS
def test_cycle_is_computed_sent_published_and_only_then_read(open_tab, cast, scripts):
    october(cast)
    with open_tab("hana") as tab:
        tab.open("/cycles/2026-10/")
        tab.page.get_by_role("button", name="Compute", exact=True).first.click()
        expect(tab.page.get_by_role("heading", name="Run 1 is computing")).to_be_visible()
        if scripts:
            half_way(Job.objects.get())
            expect(tab.page.get_by_role("progressbar")).to_have_attribute("value", "50")
            Job.objects.update(state=Job.State.OWED, stage="", stages_done=[], lease_until=None)
        assert work_off() == 1
        if not scripts:
            tab.page.get_by_role("link", name="Look again").click()
        expect(tab.page.get_by_text("of run 1").first).to_be_visible()
        tab.look_at_both_widths()
        tab.page.get_by_label("Note to the manager").fill("All calls are in.")
        tab.page.get_by_role("button", name="Send run 1").click()
        expect(tab.page.get_by_text("A manager publishes it").first).to_be_visible()

    with open_tab("ana") as tab:
        tab.open(f"/scorecards/{cast.ana.agent_id}/2026-10/")
        expect(tab.page.get_by_text("Being evaluated.")).to_be_visible()
        expect(tab.page.get_by_role("heading", name="How the total is made")).to_have_count(0)

    with open_tab("mona") as tab:
        tab.open("/")
        tab.page.get_by_role("link", name="Publish or return").click()
        expect(tab.page.get_by_text("All calls are in.")).to_be_visible()
        tab.look_at_both_widths()
        tab.page.get_by_role("button", name="Publish").click()
        expect(tab.page.get_by_text("Agents see their scorecards now.")).to_be_visible()
        tab.look()

    with open_tab("ana") as tab:
        tab.open(f"/scorecards/{cast.ana.agent_id}/2026-10/")
        expect(tab.page.get_by_role("heading", name="How the total is made")).to_be_visible()
        tab.look_at_both_widths()
