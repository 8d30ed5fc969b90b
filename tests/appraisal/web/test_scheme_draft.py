"""The editor and the way of a version through HTTP."""

import pytest

from agents.models import Position
from appraisal.models import SchemeVersion
from appraisal.services import drafts
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("library")

S2 = "s2_call_centre_agent"
DRAFT = f"/schemes/{S2}/draft/"


@pytest.fixture
def hana(cast):
    return cast.client("hana")


def item_of(draft, code):
    draft.refresh_from_db()
    return next(one for one in draft.document["items"] if one["code"] == code)


@pytest.mark.parametrize("name", ["ana", "sam", "mona", "ada", "quinn"])
def test_only_hr_sees_the_editor(cast, draft, name):
    client = cast.client(name)

    answers = [client.get(DRAFT), client.get("/schemes/new/"), client.post(f"/schemes/{S2}/send/")]

    assert [answer.status_code for answer in answers] == [404, 404, 404]


def test_agents_do_not_see_a_draft(cast, draft):
    client = cast.client("ana")

    assert "draft" not in client.get(f"/schemes/{S2}/").content.decode()
    assert client.get(f"/schemes/{S2}/?version=2").status_code == 404
    assert client.get(f"/schemes/{S2}/compare/?to=2").context["after"].number == 1


def test_every_part_of_the_editor_opens(hana, draft):
    parts = ["?item=calls", "?group=quality", *(f"?part={one}" for one in
             ("add", "about", "grades", "send", "delete")), "?item=nothing"]  # fmt: skip

    assert {hana.get(DRAFT + part).status_code for part in parts} == {200}


def test_changed_rule_is_saved_and_shown(hana, draft):
    hana.post(DRAFT, {"part": "item", "item": "satisfaction", "rule.worst": "80%"})

    assert item_of(draft, "satisfaction")["rule"]["worst"] == "0.8"
    page = hana.get(f"{DRAFT}?item=satisfaction").content.decode()
    assert "linear 80% to 95%" in page
    assert "Nothing at 80%, all 5 points at 95%, evenly in between." in page


def test_faulty_rule_is_saved_with_its_fault_at_the_field(hana, draft):
    hana.post(DRAFT, {"part": "item", "item": "satisfaction", "rule.worst": "soon"})

    page = hana.get(f"{DRAFT}?item=satisfaction").content.decode()
    assert '<span class="error" id="e-rule-worst">This is not a number' in page
    assert "1 thing to mend" in page


def test_other_kind_of_rule_keeps_what_both_know(hana, draft):
    hana.post(DRAFT, {"part": "item", "item": "calls", "rule.type": "levels", "rule.target": "58"})

    assert item_of(draft, "calls")["rule"] == {"type": "levels"}


def test_weights_are_saved_together(hana, draft):
    hana.post(DRAFT, {"part": "weights", "weight.calls": "45", "weight.exam": "2.5"})

    assert [item_of(draft, code)["weight"] for code in ("calls", "exam")] == [45, "2.5"]
    assert "92.50" in hana.get(DRAFT).content.decode()


def test_guideline_comes_and_goes_with_its_grade(hana, draft):
    hana.post(DRAFT, {"part": "grades", "guideline.grade": "good", "guideline.at_most": "20%"})
    draft.refresh_from_db()
    assert draft.document["guideline"] == {"grade": "good", "at_most": "0.2"}

    hana.post(DRAFT, {"part": "grades", "guideline.grade": "", "guideline.at_most": "20%"})
    draft.refresh_from_db()
    assert "guideline" not in draft.document


def test_item_is_moved_and_removed(hana, draft):
    hana.post(DRAFT, {"part": "item", "item": "exam", "do": "up"})
    hana.post(DRAFT, {"part": "item", "item": "calls", "do": "remove"})

    draft.refresh_from_db()
    codes = [one["code"] for one in draft.document["items"]]
    assert codes[:4] == ["handle_time", "answer_rate", "exam", "service_standard"]


def test_htmx_gets_the_page_at_once_with_its_address(hana, draft):
    answer = hana.post(
        DRAFT, {"part": "item", "item": "exam", "rule.of": "50"}, headers={"HX-Request": "true"}
    )

    assert answer.status_code == 200
    assert answer.headers["HX-Replace-Url"] == f"{DRAFT}?item=exam"
    assert 'id="rule-shown"' in answer.content.decode()


@pytest.mark.parametrize(
    "data",
    [
        {"part": "nonsense"},
        {"part": "item", "item": "nothing"},
        {"part": "group", "group": "nothing"},
        {"part": "rename", "code": "nothing", "wanted": "x"},
        {},
    ],
)
def test_what_is_not_there_is_not_changed(hana, draft, data):
    assert hana.post(DRAFT, data).status_code == 404


def test_draft_is_sent_returned_sent_again_and_approved(cast, hana, draft):
    mona = cast.client("mona")
    hana.post(DRAFT, {"part": "weights", "weight.calls": "45", "weight.exam": "10"})
    hana.post(f"/schemes/{S2}/send/", {"note": "Calls less"})

    page = mona.get(f"/schemes/{S2}/approve/").content.decode()
    assert "Calls less" in page
    assert "Calls per shift" in page
    assert mona.post(f"/schemes/{S2}/return/", {"answer": ""}).status_code == 422
    mona.post(f"/schemes/{S2}/return/", {"answer": "Not so fast"})
    assert "Not so fast" in hana.get(DRAFT).content.decode()
    hana.post(f"/schemes/{S2}/send/", {"note": ""})
    mona.post(f"/schemes/{S2}/approve/")

    draft.refresh_from_db()
    assert (draft.state, draft.approved_by) == ("published", cast.mona)
    assert hana.get(DRAFT).status_code == 404


def test_what_was_sent_is_taken_back(hana, draft):
    hana.post(DRAFT, {"part": "weights", "weight.calls": "45"})
    hana.post(f"/schemes/{S2}/send/", {"note": ""})
    assert hana.get(DRAFT).status_code == 302

    hana.post(f"/schemes/{S2}/take-back/")

    assert hana.get(DRAFT).status_code == 200


def test_new_scheme_begins_empty_or_as_a_copy(hana):
    names = {"name_en": "Chat agent", "name_zh": "在线坐席"}

    empty = hana.post("/schemes/new/", names)
    copy = hana.post("/schemes/new/", names | {"code": "chat2", "source": S2})
    taken = hana.post("/schemes/new/", names | {"code": S2})

    assert (empty.url, copy.url) == ("/schemes/chat_agent/draft/", "/schemes/chat2/draft/")
    assert taken.status_code == 422
    assert hana.get(empty.url).status_code == 200
    assert len(SchemeVersion.objects.get(scheme__code="chat2").document["items"]) == 10


def test_manager_is_told_by_name_which_position_changes_its_scheme(cast, hana):
    in_use = SchemeVersion.objects.get(scheme__code=S2)
    Position.objects.update_or_create(
        code=in_use.positions[0], defaults={"name_en": "Phone agent", "name_zh": "电话坐席"}
    )
    names = {"name_en": "Chat agent", "name_zh": "在线坐席"}
    hana.post("/schemes/new/", names | {"code": "chat2", "source": S2})
    hana.post("/schemes/chat2/send/", {"note": ""})

    page = cast.client("mona").get("/schemes/chat2/approve/")

    assert page.context["taken_over"][0] == ("Phone agent", in_use.name)


def test_draft_is_started_and_deleted(hana):
    assert hana.post(f"/schemes/{S2}/start/").url == DRAFT
    assert hana.post(f"/schemes/{S2}/start/").url == DRAFT  # the open one is gone on with

    hana.post(f"/schemes/{S2}/delete/")

    assert hana.get(DRAFT).status_code == 404


def test_faulty_draft_sends_hr_to_the_editor_and_tells_the_manager(cast, hana):
    address = hana.post("/schemes/new/", {"name_en": "New one", "name_zh": "新"}).url

    assert hana.get("/schemes/new_one/").url == address
    assert "HR is still writing" in cast.client("mona").get("/schemes/new_one/").content.decode()
    assert cast.client("ana").get("/schemes/new_one/").status_code == 404


def test_manager_takes_a_scheme_out_of_use(cast):
    mona = cast.client("mona")

    assert mona.get(f"/schemes/{S2}/retire/").status_code == 200
    mona.post(f"/schemes/{S2}/retire/")

    assert SchemeVersion.objects.get(scheme__code=S2).state == "retired"
    assert mona.get(f"/schemes/{S2}/retire/").status_code == 404


def test_version_is_given_out_as_yaml(hana):
    answer = hana.get(f"/schemes/{S2}/file/")

    assert answer.content.decode().startswith(f"code: {S2}\n")
    assert f"{S2}-1.yaml" in answer.headers["Content-Disposition"]


def test_wrong_weight_is_told_at_its_row(hana, draft):
    hana.post(DRAFT, {"part": "weights", "item": "calls", "weight.calls": "40,5"})

    page = hana.get(f"{DRAFT}?item=calls").content.decode()

    assert item_of(draft, "calls")["weight"] == "40,5"
    assert '<span class="wrong">Weight: This is not a number that can be used here.</span>' in page
    assert "1 thing to mend" in page


def test_group_without_a_name_is_refused_in_words(hana, draft):
    page = hana.post(DRAFT, {"part": "add_group", "en": " "}, follow=True).content.decode()

    assert "Nothing was added: the group needs a name." in page


def test_cards_in_parts_are_chosen_sent_and_published(hana, cast, draft):
    page = hana.get(f"{DRAFT}?part=about").content.decode()
    assert "gets a card in parts, weighted by days" in page

    hana.post(DRAFT, {"part": "about", "transfers": "by_days"})
    draft.refresh_from_db()
    assert draft.document["transfers"] == "by_days"
    drafts.ask_approval(version=draft, asked_by=cast.hana, note="", now=NOW)
    drafts.approve(version=draft, decided_by=cast.mona, now=NOW)

    page = hana.get(f"/schemes/{draft.scheme.code}/").content.decode()
    assert "Who changes position in the period is appraised in each" in page


def test_choice_of_the_position_held_most_days_is_left_out_of_the_document(hana, draft):
    hana.post(DRAFT, {"part": "about", "transfers": "by_days"})
    hana.post(DRAFT, {"part": "about", "transfers": "longest"})

    draft.refresh_from_db()
    assert "transfers" not in draft.document
