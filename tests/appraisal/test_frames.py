from decimal import Decimal

import polars as pl
import pytest
from django.db import IntegrityError, transaction

from appraisal import frames
from appraisal.digest import digest_of
from appraisal.models import Rating, Scorecard, ScorecardLine
from appraisal.services import roster
from tests.factories import NOW


def rate(cycle, cast, percent, *, rater, valid_from=1, valid_until=None):
    return Rating.objects.create(
        cycle=cycle,
        item="teamwork",
        agent=cast.ana.agent,
        rater=rater,
        percent=percent,
        rated_at=NOW,
        valid_from=valid_from,
        valid_until=valid_until,
    )


def test_ratings_are_summed_as_shares_by_agent(cast, october):
    rate(october, cast, 80, rater=cast.sam)
    rate(october, cast, 65, rater=cast.omar)

    given = frames.ratings_given(october, watermark=4)

    row = given["rating:teamwork"].loc[cast.ana.agent_id]
    assert (row["numerator"], row["denominator"], row["sample"]) == (Decimal("1.45"), 2, 2)


def test_rating_changed_later_stands_as_it_was_at_the_watermark(cast, october):
    rate(october, cast, 80, rater=cast.sam, valid_from=2, valid_until=5)
    rate(october, cast, 90, rater=cast.sam, valid_from=5)

    def share(watermark):
        return frames.ratings_given(october, watermark)["rating:teamwork"]["numerator"].item()

    assert frames.ratings_given(october, watermark=1) == {}
    assert (share(4), share(5)) == (Decimal("0.8"), Decimal("0.9"))


def test_what_is_stored_is_read_back_to_the_digit(october, compute):
    run = compute(october)

    read = frames.read_scorecards(run)

    assert digest_of(read.cards, read.lines) == run.digest


def test_storing_again_replaces_the_cards(october, compute):
    run = compute(october)
    read = frames.read_scorecards(run)
    version = run.scorecards.values_list("scheme_version_id", flat=True).first()
    kpis = dict(run.kpi_versions.values_list("kpi_version__kpi__code", "kpi_version_id"))
    cards = read.cards.with_columns(scheme_version_id=version)
    lines = read.lines.with_columns(kpi_version_id=kpis["calls_per_shift"])
    before = set(run.scorecards.values_list("pk", flat=True))

    frames.store_scorecards(run, roster.seats_of(run), type(read)(cards, lines))

    assert run.scorecards.count() == len(before) == 3
    assert before.isdisjoint(run.scorecards.values_list("pk", flat=True))


@pytest.mark.parametrize("name", ["ana", "bo"])
def test_place_of_the_period_is_kept_with_the_card(cast, october, compute, name):
    run = compute(october)

    card = Scorecard.objects.get(run=run, agent=getattr(cast, name).agent)

    assert card.team == {"ana": cast.alpha, "bo": cast.beta}[name]
    assert (card.position, card.shift, card.days_present) == (cast.position, cast.early, 31)


def test_run_without_cards_reads_as_two_empty_tables(cast, october):
    run = october.runs.create(number=1)

    read = frames.read_scorecards(run)

    assert (len(read.cards), len(read.lines)) == (0, 0)


def test_stars_the_guideline_and_conditions_are_read_back_as_they_were_digested(october, compute):
    run = compute(october)
    read = frames.read_scorecards(run)
    version = run.scorecards.values_list("scheme_version_id", flat=True).first()
    told = '[{"effect":["zero","no_stars"],"kpi":"longest_pause","met":true,"side":"above",'
    told += '"threshold":"1800","value":"1860"}]'
    cards = read.cards.with_columns(
        scheme_version_id=version, by_guideline=True, stars=pl.Series([5, None, 3])
    )
    is_first = pl.col("order") == 0
    lines = read.lines.with_columns(
        kpi_version_id=pl.lit(None, dtype=pl.Int64),
        conditions=pl.when(is_first).then(pl.lit(told)).otherwise(None),
    )

    frames.store_scorecards(run, roster.seats_of(run), type(read)(cards, lines))

    again = frames.read_scorecards(run)
    assert digest_of(again.cards, again.lines) == digest_of(cards, lines) != run.digest
    stored = run.scorecards.get(stars=5).lines.get(order=0).conditions
    assert (stored[0]["kpi"], stored[0]["met"], stored[0]["value"]) == (
        "longest_pause",
        True,
        "1860",
    )


def test_a_line_needs_its_scorecard(october, compute):
    line = compute(october).scorecards.first().lines.first()

    with pytest.raises(IntegrityError, match="is not there"), transaction.atomic():
        ScorecardLine.objects.bulk_create([copy_of(line, scorecard_id=0)])
    with pytest.raises(IntegrityError, match="is not there"), transaction.atomic():
        ScorecardLine.objects.filter(pk=line.pk).update(scorecard_id=0)


def test_a_scorecard_stays_as_long_as_it_has_lines(october, compute):
    cards = Scorecard.objects.filter(run=compute(october))
    card = cards.first()

    with pytest.raises(IntegrityError, match="before its lines"), transaction.atomic():
        cards._raw_delete("default")
    with pytest.raises(IntegrityError, match="before its lines"), transaction.atomic():
        cards.filter(pk=card.pk).update(id=0)
    card.lines.all()._raw_delete("default")
    cards.filter(pk=card.pk)._raw_delete("default")

    assert not cards.filter(pk=card.pk).exists()


def copy_of(line, **changes):
    values = {field.attname: getattr(line, field.attname) for field in line._meta.concrete_fields}
    return ScorecardLine(**{**values, "id": None, "item": "copy", **changes})
