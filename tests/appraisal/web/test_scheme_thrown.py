"""The way back in the scheme editor."""

import pytest

from appraisal.services import drafts
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("library")

S2 = "s2_call_centre_agent"
DRAFT = f"/schemes/{S2}/draft/"


@pytest.fixture
def hana(cast, draft):
    return cast.client("hana")


@pytest.fixture
def steps(draft):
    """An item with five steps."""
    bands = [{"at": 60 - 5 * number, "points": 40 - 8 * number} for number in range(5)]
    items = [
        one | {"rule": {"type": "bands", "bands": bands}} if one["code"] == "calls" else one
        for one in draft.document["items"]
    ]
    change = draft.document | {"items": items}
    drafts.save_draft(version=draft, change=change, edited_by=None, now=NOW)
    return item_of(draft, "calls")


def document_of(draft):
    draft.refresh_from_db()
    return draft.document


def item_of(draft, code):
    return next(one for one in document_of(draft)["items"] if one["code"] == code)


def choose(client, code, kind, **more):
    client.post(DRAFT, {"part": "item", "item": code, "rule.type": kind, **more})


def take_back(client):
    kept = client.get(DRAFT).context["thrown"]
    return client.post(DRAFT, {"part": "take_back", "id": kept.id}, follow=True)


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"part": "item", "item": "calls", "do": "remove"}, "“Calls per shift” was removed."),
        (
            {"part": "group", "group": "quality", "do": "remove"},
            "“Quality” and its items were removed.",
        ),
    ],
)
def test_what_was_removed_comes_back_exactly(hana, draft, sent, told):
    before = draft.document

    page = hana.post(DRAFT, sent, follow=True).content.decode()
    assert document_of(draft) != before
    assert told in page
    assert "Take it back" in page
    take_back(hana)

    assert document_of(draft) == before
    assert "Take it back" not in hana.get(DRAFT).content.decode()


def test_rule_of_another_kind_leaves_a_way_back(hana, draft, steps):
    choose(hana, steps["code"], "linear")
    page = hana.get(DRAFT).content.decode()
    assert item_of(draft, steps["code"])["rule"] == {"type": "linear"}
    assert "The rule of “" in page
    take_back(hana)

    assert item_of(draft, steps["code"]) == steps


def test_kind_chosen_again_has_its_last_rule(hana, draft, steps):
    choose(hana, steps["code"], "linear", **{"rule.worst": ""})
    choose(hana, steps["code"], "linear", **{"rule.worst": "1", "rule.best": "2"})
    choose(hana, steps["code"], "bands")
    assert item_of(draft, steps["code"]) == steps

    choose(hana, steps["code"], "linear")

    assert item_of(draft, steps["code"])["rule"].keys() == {"type", "worst", "best"}


def test_several_things_come_back_one_after_the_other(hana, draft):
    before = draft.document
    for code in ("calls", "exam"):
        hana.post(DRAFT, {"part": "item", "item": code, "do": "remove"})

    take_back(hana)
    take_back(hana)

    assert document_of(draft) == before


def test_way_back_is_that_of_the_person_and_of_the_draft(cast, hana, draft):
    hana.post(DRAFT, {"part": "item", "item": "calls", "do": "remove"})

    assert "thrown" not in cast.client("hana").get(DRAFT).context
    hana.post(f"/schemes/{S2}/delete/")
    hana.post(f"/schemes/{S2}/start/")
    assert "thrown" not in hana.get(DRAFT).context


def test_entry_that_stands_again_is_not_put_in_twice(hana, draft):
    hana.post(DRAFT, {"part": "item", "item": "calls", "do": "remove"})
    kept = hana.get(DRAFT).context["thrown"]
    take_back(hana)

    page = hana.post(DRAFT, {"part": "take_back", "id": kept.id}, follow=True).content.decode()

    assert "Nothing was taken back: the draft has changed since." in page
    assert [one["code"] for one in document_of(draft)["items"]].count("calls") == 1
