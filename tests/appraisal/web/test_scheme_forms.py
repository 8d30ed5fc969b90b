import pytest
from django.http import QueryDict

from appraisal.scoring.documents import list_shipped_documents
from appraisal.scoring.scheme import dump_scheme, parse_scheme
from appraisal.web.pages import scheme_fields as tables
from appraisal.web.scheme_deeds import units_of
from appraisal.web.scheme_forms import at, bind, change_rows, put, read_fields
from kpi.selectors import list_current_versions

ITEM = {
    "code": "csat",
    "kpi": "customer_satisfaction",
    "rule": {
        "type": "levels",
        "better": "higher",
        "levels": [{"code": "top", "name": {"en": "Top", "zh": "顶"}, "at": "0.9", "share": 1}],
    },
}


def share(_name):
    return "share"


def read(text, fields=None, document=ITEM):
    fields = fields or (*tables.item_fields(document), *tables.ITEM_TERMS)
    return read_fields(QueryDict(text), fields, document, units=share)


def test_value_stands_where_its_name_says():
    read_item = read("rule.levels.rows=1&rule.levels.0.at=92%25&rule.levels.0.code=top")

    assert at(read_item, "rule.levels.0.at") == "0.92"


def test_what_was_not_sent_stays_and_what_has_no_field_too():
    read_item = read("name.en=Satisfaction&rule.levels.rows=1&rule.levels.0.at=90")

    assert read_item["kpi"] == "customer_satisfaction"
    assert read_item["name"] == {"en": "Satisfaction"}
    assert at(read_item, "rule.levels.0.name") == {"en": "Top", "zh": "顶"}


def test_default_is_not_written():
    assert "missing" not in read("missing=redistribute")
    assert read("missing=zero")["missing"] == "zero"


def test_empty_row_goes_unless_typing_goes_on():
    text = "rule.levels.rows=2&rule.levels.0.code=top&rule.levels.0.at=90&rule.levels.1.at="

    assert len(read(text)["rule"]["levels"]) == 1
    assert len(read(f"{text}&keep=1")["rule"]["levels"]) == 2


def test_condition_names_its_threshold_by_its_side():
    text = (
        "conditions.rows=1&conditions.0.kpi=pauses&conditions.0.side=above"
        "&conditions.0.threshold=5&conditions.0.effect=zero&conditions.0.effect.sent=1"
    )

    read_item = read(text)
    fields = bind([tables.CONDITIONS], read_item, units=share, choices={}, errors={})

    assert read_item["conditions"] == [{"kpi": "pauses", "above": "0.05", "effect": ["zero"]}]
    assert [part.text for part in fields[0].rows[0]][:3] == ["pauses", "above", "5%"]
    assert fields[0].rows[0][3].chosen == ("zero",)


def test_absurd_number_of_rows_is_cut():
    assert "conditions" not in read("conditions.rows=9999999")


def test_rows_are_added_and_dropped():
    added = change_rows(ITEM, "add:rule.levels")

    assert added["rule"]["levels"][1:] == [{}]
    assert change_rows(added, "drop:rule.levels.0")["rule"]["levels"] == [{}]
    assert change_rows(ITEM, "add:conditions")["conditions"] == [{}]
    assert change_rows(ITEM, "nonsense") == ITEM


def test_nothing_takes_what_it_leaves_empty_with_it():
    document = {"guideline": {"grade": "good"}, "code": "x"}

    put(document, "guideline.grade", None)

    assert document == {"code": "x"}


def test_bands_in_shares_keep_their_shares():
    item = {"rule": {"type": "bands", "bands": [{"at": 1, "share": "0.5"}]}}

    names = [part.name for one in tables.item_fields(item) for part in one.fields]

    assert names == ["at", "points", "share"]


def test_error_stands_at_its_field():
    fields = bind(tables.NAMES, {}, units=share, choices={}, errors={"name.zh": ["missing"]})

    assert [one.errors for one in fields] == [[], ["missing"]]


def sent(fields):
    """What a browser sends of these fields, untouched."""
    data = QueryDict(mutable=True)
    for bound in fields:
        if bound.field.kind == "rows":
            data[f"{bound.name}.rows"] = str(len(bound.rows))
            for row in bound.rows:
                data.update(sent(row))
        elif bound.field.kind == "codes":
            data[f"{bound.name}.sent"] = "1"
            data.setlist(bound.name, bound.chosen)
        else:
            data[bound.name] = bound.text
    return data


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize("document", list_shipped_documents(), ids=lambda one: one["code"])
def test_form_of_a_shipped_scheme_sent_untouched_says_the_same(document):
    document = dump_scheme(parse_scheme(document))
    kpis = {one.kpi.code: one for one in list_current_versions()}
    parts = {"choices": {}, "errors": {}}

    whole = (*tables.ABOUT_FIELDS, *tables.GRADE_FIELDS, *tables.GUIDELINE_FIELDS)
    read_back = read_fields(
        sent(bind(whole, document, units=share, **parts)), whole, document, units=share
    )
    items = []
    for item in document["items"]:
        fields = (*tables.item_fields(item), *tables.ITEM_TERMS)
        units = units_of(item, kpis)
        data = sent(bind(fields, item, units=units, **parts))
        items.append(read_fields(data, fields, item, units=units))

    assert dump_scheme(parse_scheme(read_back | {"items": items})) == document
