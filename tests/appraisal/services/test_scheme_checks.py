import pytest

from appraisal.scoring.scheme import SchemeError
from appraisal.services import scheme_checks, schemes
from tests.appraisal.services.plans import made_of, measure_by
from tests.factories import NOW

SHARE = {"type": "share", "of": 100}


@pytest.fixture
def document(db):
    made = measure_by("count(contacts)", weight=100, rule=SHARE)
    made.store()
    return made_of(*made.items, positions=["desk"])


def problems_of(document, **changes):
    items = [document["items"][0] | changes]
    return [str(one) for one in scheme_checks.problems_here(document | {"items": items})]


def test_scheme_that_can_be_used_here_has_no_problem(document):
    assert problems_of(document) == []


def test_kpi_must_be_in_use(document):
    assert problems_of(document, kpi="unheard_of") == [
        "items[0].kpi: is not a KPI that is in use here"
    ]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("x" * 50, []),
        ("x" * 51, ["items[0].code: must have at most 50 characters"]),
        ("calls--7", ["items[0].code: must not end in -- and a number"]),
        ("calls--week", []),
        ("a/b", ["items[0].code: must be of letters, digits, - and _, at most 64"]),
    ],
)
def test_code_of_an_item_leaves_room_for_the_position(document, code, expected):
    assert problems_of(document, code=code) == expected


def test_faulty_document_is_checked_as_far_as_it_goes(document):
    assert scheme_checks.problems_here({"items": "none"}) == []
    assert len(scheme_checks.problems_here({"items": [{"kpi": "unheard_of"}, 3]})) == 1


def test_code_of_the_scheme_fits_an_address(document):
    assert [str(one) for one in scheme_checks.problems_here(document | {"code": "../etc"})] == [
        "code: must be of letters, digits, - and _, at most 64"
    ]


def test_document_that_cannot_be_used_here_is_not_published(document):
    document["items"][0]["kpi"] = "unheard_of"

    with pytest.raises(SchemeError, match="not a KPI that is in use here"):
        schemes.add_version(document, now=NOW)
