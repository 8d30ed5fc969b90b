import pytest

from appraisal.models import Scheme, SchemeVersion
from appraisal.scoring.documents import list_shipped_documents
from appraisal.scoring.scheme import SchemeError
from appraisal.services import schemes
from tests.factories import NOW


@pytest.fixture
def document():
    return next(one for one in list_shipped_documents() if one["code"] == "s2_call_centre_agent")


def test_shipped_schemes_are_loaded_once(library):
    assert schemes.load_shipped_schemes(now=NOW) == 0

    codes = {"s2_call_centre_agent", "s9_after_sales_specialist"}
    assert set(Scheme.objects.values_list("code", flat=True)) == codes
    states = SchemeVersion.objects.values_list("scheme__code", "number", "state")
    assert set(states) == {(code, 1, "published") for code in codes}


def test_changed_document_becomes_the_next_version_and_keeps_the_old_one(library, document):
    document["grades"][0]["from"] = 92

    assert schemes.add_version(document, now=NOW) is True

    versions = SchemeVersion.objects.filter(scheme__code=document["code"]).order_by("number")
    assert [one.number for one in versions] == [1, 2]
    assert [str(one.document["grades"][0]["from"]) for one in versions] == ["90", "92"]


def test_version_carries_what_lists_show(library, document):
    version = SchemeVersion.objects.get(scheme__code=document["code"])

    assert (version.name_en, version.name_zh) == ("Call-centre agent", "呼叫中心坐席考核")
    assert (version.positions, version.cycles) == (["agent"], ["month", "quarter", "year"])


def test_faulty_document_changes_nothing(library, document):
    document["items"][0]["weight"] = -1

    with pytest.raises(SchemeError):
        schemes.add_version(document, now=NOW)

    assert SchemeVersion.objects.filter(scheme__code=document["code"]).count() == 1
