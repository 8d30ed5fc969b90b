"""Targets of a cycle on the page and as a file."""

import io
from decimal import Decimal

import pytest
import time_machine
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from python_calamine import CalamineWorkbook

from agents import periods
from appraisal.models import Target
from appraisal.services import cycles
from appraisal.services.targets import Place
from appraisal.web.pages import target_grid as grids
from tests.factories import NOW

PAGE = "/cycles/2026-10/targets/"
OF_AGENTS = "?scheme=s2_call_centre_agent"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture(autouse=True)
def _on_the_third_of_november():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def cycle(cast, library):
    return cycles.open_cycle(period=periods.month(2026, 10), opened_by=cast.hana, now=NOW)


@pytest.fixture
def hana(cast, cycle):
    return cast.client("hana")


def save(client, **wanted):
    return client.post(f"{PAGE}save/{OF_AGENTS}", wanted, follow=True)


def valid():
    rows = Target.objects.filter(valid_until=None)
    return {(one.item, one.team_id, one.agent_id): one.value for one in rows}


def test_targets_are_typed_in_the_table(cast, hana):
    names = {f"team-{cast.alpha.pk}-satisfaction": "93", f"agent-{cast.ana.agent_id}-calls": "40.5"}

    answer = save(hana, **names)

    assert valid() == {
        ("satisfaction", cast.alpha.pk, None): Decimal("0.93"),
        ("calls", None, cast.ana.agent_id): Decimal("40.5"),
    }
    page = answer.content.decode()
    assert "2 targets changed. They hold from the next run on." in page
    assert f'name="team-{cast.alpha.pk}-satisfaction" value="93"' in page
    # Ben has none of his own: the team's stands in grey where his would be.
    assert f'name="agent-{cast.ben.agent_id}-satisfaction" value="" placeholder="93"' in page


def test_empty_field_takes_a_target_away(cast, hana):
    name = f"agent-{cast.ana.agent_id}-calls"
    save(hana, **{name: "40"})

    save(hana, **{name: " "})

    assert valid() == {}


def drawn(client):
    """The page as a browser has it: what stands in it, sent along with what is typed."""
    return client.get(PAGE + OF_AGENTS).context["grid"].stood


def test_only_what_somebody_changed_is_changed(cast, hana):
    ana, ben = (f"agent-{one.agent_id}-satisfaction" for one in (cast.ana, cast.ben))
    stood = drawn(hana)
    save(hana, **{ana: "90", ben: "", "stood": stood})

    save(hana, **{ana: "", ben: "91", "stood": stood})

    assert valid() == {
        ("satisfaction", None, cast.ana.agent_id): Decimal("0.9"),
        ("satisfaction", None, cast.ben.agent_id): Decimal("0.91"),
    }


def test_target_changed_by_both_is_refused_with_both_figures(cast, hana):
    ana, ben = (f"agent-{one.agent_id}-satisfaction" for one in (cast.ana, cast.ben))
    stood = drawn(hana)
    save(hana, **{ana: "90", "stood": stood})

    answer = save(hana, **{ana: "85", ben: "91", "stood": stood})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "1 target was changed by somebody else meanwhile; nothing was saved." in page
    assert "You entered 85; meanwhile it was set to 90." in page
    assert f'name="{ana}" value="85"' in page
    assert valid() == {("satisfaction", None, cast.ana.agent_id): Decimal("0.9")}

    save(hana, **{ana: "85", ben: "91", "stood": answer.context["grid"].stood})

    assert valid()["satisfaction", None, cast.ana.agent_id] == Decimal("0.85")


def test_refused_page_shows_what_others_set_where_nothing_was_typed(cast, hana):
    ana, ben = (f"agent-{one.agent_id}-satisfaction" for one in (cast.ana, cast.ben))
    stood = drawn(hana)
    save(hana, **{ana: "90", "stood": stood})

    page = save(hana, **{ana: "", ben: "many", "stood": stood}).content.decode()

    assert f'name="{ana}" value="90"' in page
    assert f'name="{ben}" value="many"' in page


@pytest.mark.parametrize("typed", ["many", "-5", "1e3", "0", "9" * 30, "40,5", "４０", "\x00"])
def test_what_cannot_be_a_target_is_told_and_kept_in_its_field(cast, hana, typed):
    name = f"agent-{cast.ana.agent_id}-calls"

    answer = save(hana, **{name: typed, f"agent-{cast.ben.agent_id}-calls": "40"})

    assert answer.status_code == 422
    assert "1 target cannot hold; nothing was changed." in answer.content.decode()
    assert 'aria-invalid="true"' in answer.content.decode()
    assert valid() == {}


def test_names_of_others_are_passed_over(cast, hana):
    lead = f"agent-{cast.sam.agent_id}-calls"

    save(hana, **{lead: "40", "agent-0-calls": "1", "team-x-y": "2", "scheme-0-nothing": "3"})

    assert valid() == {}


def test_leader_reads_the_team_s_and_changes_nothing(cast, hana):
    save(hana, **{f"agent-{cast.bo.agent_id}-calls": "41", "scheme-0-calls": "57"})

    sam = cast.client("sam")
    page = sam.get(PAGE + OF_AGENTS).content.decode()

    assert "Ana" in page
    assert "Bo<" not in page
    assert "57" in page
    assert "Save targets" not in page
    assert sam.post(f"{PAGE}save/{OF_AGENTS}", {"scheme-0-calls": "1"}).status_code == 404


@pytest.mark.parametrize("name", ["ana", "quinn", "ada"])
def test_targets_do_not_exist_for_others(cast, cycle, name):
    assert cast.client(name).get(PAGE).status_code == 404


def test_unknown_scheme_and_cycle_do_not_exist(hana):
    assert hana.get(f"{PAGE}?scheme=nothing").status_code == 404
    assert hana.get("/cycles/2031-01/targets/").status_code == 404


def given_out(client):
    answer = client.get(f"{PAGE}file/{OF_AGENTS}")
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    return answer.content, book.get_sheet_by_index(0).to_python()


def take_in(client, content, name="targets.xlsx"):
    file = SimpleUploadedFile(name, content, content_type=XLSX)
    return client.post(f"{PAGE}import/{OF_AGENTS}", {"file": file}, follow=True)


def workbook(rows):
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    return content.getvalue()


def test_file_goes_out_and_comes_back_the_same(cast, hana):
    save(hana, **{f"agent-{cast.ana.agent_id}-calls": "40.5", "scheme-0-satisfaction": "93"})
    content, rows = given_out(hana)
    before = valid()

    answer = take_in(hana, content)

    assert rows[0][:4] == ["level", "code", "name", "calls: Calls per shift"]
    assert ["agent", "ana", "Ana", "40.5"] in [row[:4] for row in rows]
    assert "Nothing was changed." in answer.content.decode()
    assert valid() == before


def test_changed_file_changes_the_targets(cast, hana):
    save(hana, **{f"agent-{cast.ana.agent_id}-calls": "40.5"})
    rows = [
        ["Level", "Code", "Name", "calls: Calls", "satisfaction"],
        ["agent", "ana", "", "", 93],
        ["team", "alpha", "", 55, ""],
        ["scheme", "", "", "", "94.5%"],
    ]

    take_in(hana, workbook(rows))

    assert valid() == {
        ("satisfaction", None, cast.ana.agent_id): Decimal("0.93"),
        ("calls", cast.alpha.pk, None): Decimal(55),
        ("satisfaction", None, None): Decimal("0.945"),
    }


def test_every_fault_of_a_file_is_told_by_its_cell(hana):
    rows = [
        ["level", "code", "name", "calls"],
        ["agent", "ana", "", "many"],
        ["agent", "nobody", "", 5],
        ["cook", "ana", "", 5],
        ["agent", "ben", "", 40],
        ["agent", "ben", "", 41],
    ]

    page = take_in(hana, workbook(rows)).content.decode()

    assert "D2: “many” is no number." in page
    assert "B3: there is no agent “nobody” in this scheme and cycle." in page
    assert "B4: there is no cook “ana”" in page
    assert "D6: this row stands twice in the file." in page
    assert Target.objects.count() == 0


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([["name", "calls"], ["ana", 5]], "A1 to C1 must read level, code, name."),
        ([["level", "code", "name", "rules"]], "D1: “rules” is no item of this scheme"),
        ([["level", "code", "name", "calls"], ["agent", "ana", "", 0]], "D2: This rule cannot"),
    ],
)
def test_file_of_another_kind_is_refused(hana, rows, told):
    answer = take_in(hana, workbook(rows))

    assert answer.status_code == 422
    assert told in answer.content.decode()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"\x00\x01", b"a,b\n"])
def test_what_is_no_file_of_targets_is_no_fault(hana, content):
    assert take_in(hana, content).status_code == 422


def test_without_a_file_nothing_happens(hana):
    assert hana.post(f"{PAGE}import/{OF_AGENTS}").status_code == 422


def test_cycle_without_anybody_says_so(cast, hana):
    cycles.open_cycle(period=periods.month(2025, 10), opened_by=cast.hana, now=NOW)

    assert "Nobody to set targets for" in hana.get("/cycles/2025-10/targets/").content.decode()


def test_cycle_leads_to_its_targets(hana):
    assert 'href="/cycles/2026-10/targets/"' in hana.get("/cycles/2026-10/").content.decode()


def test_hours_are_typed_and_read_as_hours():
    assert grids.written(Decimal(259200), "s") == "72 h"
    assert grids.written(Decimal(300), "s") == "300"
    assert grids.read("72 h", "s") == 259200
    assert grids.read("1.5 min", "s") == 90
    assert grids.read("259,200", "s") == 259200
    assert grids.read("1,234.5", "number") == Decimal("1234.5")
    with pytest.raises(ValueError, match="is no number"):
        grids.read("72 apples", "s")


def test_those_who_only_read_see_large_figures_with_commas():
    place = Place("calls", "scheme")

    assert grids.Cell(place, "10000", "", "").read == "10,000"
    assert grids.Cell(place, "", "72 h", "").read == "72 h"
