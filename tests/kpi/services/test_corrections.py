import pytest

from kpi.models import Exclusion, FactRevision
from kpi.services import corrections
from tests.factories import NOW, add_facts


@pytest.fixture
def exclude(cast):
    [fact] = add_facts("contacts", [{"answered": True}], agent=cast.ana.agent)

    def exclude_for(reason):
        return corrections.exclude_fact(
            kind="contacts", fact_id=fact.pk, reason=reason, excluded_by=cast.hana, now=NOW
        )

    return exclude_for


@pytest.mark.parametrize("reason", ["", " \n", "\x00", "x" * 301])
def test_reason_that_cannot_be_shown_changes_nothing(exclude, reason):
    with pytest.raises(corrections.ReasonMissing):
        exclude(reason)

    assert not Exclusion.objects.exists()
    assert FactRevision.objects.count() == 1


@pytest.mark.parametrize(
    ("reason", "kept"),
    [
        (" Line fault\n", "Line fault"),
        ("线路故障", "线路故障"),
        ("a\x00b", "ab"),
        ("x" * 300, "x" * 300),
    ],
)
def test_reason_is_kept_as_it_was_said(exclude, reason, kept):
    assert exclude(reason).exclusion.reason == kept
