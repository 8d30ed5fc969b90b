from django.conf import settings

from kpi.handbook import handbook
from kpi.library.reading import shipped_definitions

PAGE = handbook(shipped_definitions())


def section(name: str) -> str:
    """The part of the handbook below one heading."""
    _before, _heading, after = PAGE.partition(f"\n### {name}\n")
    return after.partition("\n### ")[0]


def test_committed_handbook_is_current():
    committed = (settings.BASE_DIR / "docs" / "metrics.md").read_text(encoding="utf-8")

    assert committed == PAGE, "Run: python manage.py metrics_handbook"


def test_every_kpi_has_one_heading():
    headings = [line for line in PAGE.splitlines() if line.startswith("### ")]

    assert headings.count("### Average handle time 平均处理时长") == 1
    assert len(headings) == len(shipped_definitions())


def test_links_of_the_contents_lead_to_headings():
    assert "[Net promoter score](#net-promoter-score-净推荐值nps)" in PAGE
    assert "\n### Net promoter score 净推荐值（NPS）\n" in PAGE


def test_worked_example_shows_what_each_row_adds_above_and_below():
    text = section("Average talk time 平均通话时长")

    assert "| contacts | answered | talk_s | adds above | adds below |" in text
    assert "| 1 | yes | 120 | 120 | 1 |" in text
    assert "| 3 | yes | – |  |  |" in text
    assert "| 4 | no | 10 |  |  |" in text
    assert "151 ÷ 2 = **75.5 s**" in text


def test_share_is_shown_in_per_cent_and_a_figure_per_thousand_as_such():
    assert "2 ÷ 3 = **66.67%**" in section("First contact resolution 首次解决率")
    assert "Value: **250‰**" in section("Complaints upheld per 1,000 contacts 千次联络有责投诉")


def test_everything_a_reader_needs_is_told():
    text = section("Average resolution time 平均解决时长")

    assert "How long the tickets solved in the period were open on average." in text
    assert "avg(tickets.resolution_s, where=solved)" in text
    assert "- Unit: seconds; lower is better" in text
    assert "- Sample: tickets solved 张已解决工单, at least 20" in text
    assert "- Date: the day the ticket was solved" in text
    assert "- Does not capture: Tickets still open" in text
    assert "- Needs: tickets: `resolution_s`, `solved`" in text
    assert "- Source: K43; Zendesk" in text


def test_every_kind_of_data_that_a_kpi_needs_is_listed_with_its_fields():
    text = section("Complaints upheld per 1,000 contacts 千次联络有责投诉")

    assert "- Needs: contacts: `answered`; tickets: `kind`, `upheld`" in text


def test_codes_to_enter_stand_with_the_kpis_that_read_them():
    codes = PAGE.partition("\n## Codes of figures and events\n")[2]

    assert "| `budget` | [Budget use](#budget-use-预算执行率) |" in codes
    (row,) = (line for line in codes.splitlines() if line.startswith("| `missed_round` |"))
    assert (
        row == "| `missed_round` | [Floor work deductions](#floor-work-deductions-现场管理扣分) |"
    )
