import pytest

from feedback.demo.drafting import write_draft
from tests.factories import NOW


@pytest.mark.usefixtures("library")
def test_draft_has_other_weights_and_is_ready_to_be_sent(cast):
    version = write_draft(edited_by=cast.hana, now=NOW)

    weights = {item["code"]: item["weight"] for item in version.document["items"]}
    assert (weights["calls"], weights["satisfaction"], sum(weights.values())) == (40, 15, 100)
    assert (version.number, version.state, version.edited_by) == (2, "draft", cast.hana)
