import json

import polars as pl

from feedback.demo.facts.reviews import draw_reviews


def test_each_agent_has_five_to_eight_reviews_of_own_contacts(month_of):
    month = month_of(-1)

    service = draw_reviews(month).filter(pl.col("form") == "service")

    counts = service.group_by("person").len()["len"]
    assert counts.min() >= 5
    assert counts.max() <= 8
    own = month.answered.select("person", pl.col("external_id").alias("contact"))
    assert service.join(own, on=["person", "contact"]).height == service.height


def test_score_is_the_sum_of_the_items_or_0_when_fatal(month_of):
    service = draw_reviews(month_of(-1)).filter(pl.col("form") == "service")

    for row in service.iter_rows(named=True):
        total = sum(json.loads(row["items"]).values())
        assert row["score"] == (0 if row["fatal"] else total)


def test_record_form_is_of_specialists_only(month_of):
    record = draw_reviews(month_of(-1)).filter(pl.col("form") == "record")

    assert set(record["position"]) == {"after_sales_specialist"}
    assert record["score"].max() == 100
