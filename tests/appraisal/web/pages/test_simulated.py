from django.http import QueryDict

from appraisal.web.pages.simulated import tried, tried_items

DOCUMENT = {
    "code": "x",
    "items": [
        {
            "code": "csat",
            "weight": 10,
            "rating": "csat",
            "rule": {
                "type": "levels",
                "better": "higher",
                "levels": [{"code": "good", "at": "0.9", "share": 1}],
            },
        },
        {"code": "exam", "weight": 5, "rating": "exam", "rule": {"type": "share"}, "target": "0.8"},
    ],
    "grades": [{"code": "good", "name": {"en": "Good", "zh": "良好"}, "from": 80}],
}


def test_nothing_typed_changes_nothing():
    assert tried(DOCUMENT, QueryDict(""), {}) == DOCUMENT


def test_thresholds_of_steps_are_tried_and_their_codes_stay():
    data = QueryDict("i.csat.rule.levels.rows=1&i.csat.rule.levels.0.at=95&i.csat.weight=20")

    item = tried(DOCUMENT, data, {})["items"][0]

    assert item["weight"] == 20
    assert item["rule"]["levels"] == [{"code": "good", "at": "0.95", "share": 1}]


def test_side_shows_figures_and_nothing_else():
    csat, exam = tried_items(DOCUMENT, {})

    assert [part.name for part in csat.figures[0].rows[0]] == [
        "i.csat.rule.levels.0.at",
        "i.csat.rule.levels.0.share",
    ]
    assert [one.name for one in exam.figures] == ["i.exam.target"]
    assert exam.figures[0].text == "80%"
