import pytest
from django.utils import translation

from appraisal.scoring.reading import Problem
from appraisal.web.pages.problems import mends, problem_words

DOCUMENT = {
    "groups": [{"code": "quality", "name": {"en": "Quality", "zh": "质量"}}],
    "items": [{"code": "csat", "name": {"en": "Satisfaction", "zh": "满意度"}}],
}


@pytest.mark.parametrize(
    ("path", "query", "field"),
    [
        ("items[0].rule.bands[1].at", "item=csat", "rule.bands.1.at"),
        ("items.csat.group", "item=csat", "group"),
        ("items[0].name", "item=csat", "name.en"),
        ("items[0].conditions[1].above", "item=csat", "conditions.1.threshold"),
        ("groups[0].name.zh", "group=quality", "name.zh"),
        ("items", "part=add", "items"),
        ("positions", "part=about", "positions"),
        ("grades[1].from", "part=grades", "grades.1.from"),
        ("stars[0].stars", "part=grades", "stars.0.stars"),
        ("items[7].weight", "part=add", "items"),
    ],
)
def test_problem_leads_to_the_field_where_it_is_mended(path, query, field):
    (found,) = mends([Problem(path, "is missing")], DOCUMENT)

    assert (found.query, found.field) == (query, field)


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("is missing", "This is missing."),
        ("must be at least 0", "At least 0."),
        ("must be from 0 to 1", "From 0% to 100%."),
        ("must be from 0 to the item's weight, 15", "From 0 to the item’s weight, 15."),
        ("star is not one of the grades", "star is none of the grades."),
        ("must descend: write the best band first", "The best comes first."),
        ("something nobody thought of", "something nobody thought of"),
    ],
)
def test_problem_is_told_as_a_sentence(message, words):
    with translation.override("en"):
        assert problem_words(message) == words


def test_of_a_figure_that_is_none_nothing_else_is_said():
    unread = Problem("items[0].weight", "must be a number with at most nine decimal places")
    bound = Problem("items[0].weight", "must be more than 0")
    other = Problem("items[0].name", "is missing")

    found = mends([unread, bound, other, other], DOCUMENT)

    assert [one.field for one in found] == ["weight", "name.en"]
