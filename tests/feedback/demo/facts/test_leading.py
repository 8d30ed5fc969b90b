import polars as pl
import pytest

from appraisal.scoring.documents import list_shipped_documents
from feedback.demo.cast import read_cast
from feedback.demo.facts.leading import draw_office
from feedback.demo.facts.month import Month


@pytest.fixture
def people(timeline):
    return read_cast(timeline, teams=None, agents=None).people


@pytest.fixture
def frames(timeline, people):
    return dict(draw_office(Month(timeline.month(-1), timeline, people)))


def codes(frame, field, position):
    return set(frame.filter(pl.col("position") == position)[field].unique())


def test_every_shipped_scheme_appraises_somebody(timeline, people):
    there = {place.position for one in people if (place := one.place_on(timeline.today))}

    for document in list_shipped_documents():
        assert there & set(document["positions"]), document["code"]


def test_plans_are_those_the_schemes_of_a_position_ask(frames):
    figures = frames["figures"]

    assert codes(figures, "figure", "qa_reviewer") == {"qa_workload", "coaching", "data_submission"}
    assert codes(figures, "figure", "telephone_agent") == {"business"}
    assert codes(figures, "figure", "floor_supervisor") == {"business", "call_plan"}
    shares = figures.filter(pl.col("numerator").is_not_null())
    assert (shares["denominator"] > 0).all()
    assert (shares["numerator"] >= 0).all()


def test_tasks_done_are_never_more_than_tasks(frames):
    events = frames["events"]

    for all_of_them, done in (("task", "task_done"), ("milestone", "milestone_met")):
        sums = {
            kind: dict(
                events.filter(pl.col("kind") == kind)
                .group_by("person")
                .agg(pl.col("quantity").sum())
                .iter_rows()
            )
            for kind in (all_of_them, done)
        }
        assert sums[all_of_them]
        assert all(sums[done].get(who, 0) <= count for who, count in sums[all_of_them].items())


def test_telephone_agents_type_and_enterprise_agents_drill(frames):
    trainings = frames["trainings"]

    assert "typing" in codes(trainings, "kind", "telephone_agent")
    assert "drill" in codes(trainings, "kind", "enterprise_agent")


def test_tests_of_a_month_that_goes_on_are_not_in(timeline, people):
    current = dict(draw_office(Month(timeline.month(0), timeline, people)))

    assert "trainings" not in current
    assert current["events"].height > 0


def test_bad_hand_over_says_whose_responsibility_it_was(frames):
    events = frames["events"]

    slips = events.filter(pl.col("kind") == "handover")

    assert slips["severity"].unique().to_list() in ([], ["secondary"])
