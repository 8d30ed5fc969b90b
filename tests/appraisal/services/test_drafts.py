"""The way of a scheme: begun, edited, sent, approved by a second person, retired."""

import pytest
from django.db import IntegrityError, transaction

from appraisal.models import Scheme, SchemeVersion
from appraisal.services import drafts
from tests.factories import NOW, add_user

pytestmark = pytest.mark.usefixtures("library")

S2 = "s2_call_centre_agent"


@pytest.fixture
def shipped():
    return SchemeVersion.objects.get(scheme__code=S2)


@pytest.fixture
def draft(cast, shipped):
    """A draft of the agents' scheme in which the calls weigh 40 instead of 50."""
    version = drafts.start_draft(scheme=shipped.scheme, edited_by=cast.hana, now=NOW)
    return save(cast, version, calls_weigh(40))


def calls_weigh(weight):
    def change(document):
        document["items"][0]["weight"] = weight
        return document

    return change


def save(cast, version, change):
    return drafts.save_draft(version=version, change=change, edited_by=cast.hana, now=NOW)[0]


def sent(cast, version):
    return drafts.ask_approval(version=version, asked_by=cast.hana, note="Calls less", now=NOW)


def test_empty_scheme_is_a_draft_with_grades_and_no_items(cast):
    version = drafts.create_scheme(
        code="chat", name_en="Chat", name_zh="在线", edited_by=cast.hana, now=NOW
    )

    assert (version.number, version.state, version.name_zh) == (1, "draft", "在线")
    assert [grade["from"] for grade in version.document["grades"]] == [90, 80, 60, 0]
    assert version.document["items"] == []


def test_copy_says_the_same_under_another_code(cast, shipped):
    version = drafts.create_scheme(
        code="chat", name_en="Chat", name_zh="在线", edited_by=cast.hana, now=NOW, source=shipped
    )

    assert version.document["items"] == shipped.document["items"]
    assert version.document["code"] == "chat"
    assert version.document["name"] == {"en": "Chat", "zh": "在线"}


@pytest.mark.parametrize("code", [S2, "new", "no spaces", "x" * 65, ""])
def test_code_that_is_taken_or_none_is_refused(cast, code):
    with pytest.raises(drafts.CodeTaken):
        drafts.create_scheme(code=code, name_en="A", name_zh="甲", edited_by=cast.hana, now=NOW)


def test_next_version_begins_with_what_the_newest_says(cast, shipped):
    version = drafts.start_draft(scheme=shipped.scheme, edited_by=cast.hana, now=NOW)

    assert (version.number, version.state) == (2, "draft")
    assert version.document == shipped.document


def test_scheme_has_one_open_draft_at_a_time(cast, draft):
    with pytest.raises(drafts.DraftExists):
        drafts.start_draft(scheme=draft.scheme, edited_by=cast.hana, now=NOW)


def test_faulty_draft_is_saved_with_its_problems_named(cast, draft):
    version, problems = drafts.save_draft(
        version=draft, change=calls_weigh("many"), edited_by=cast.hana, now=NOW
    )

    assert version.document["items"][0]["weight"] == "many"
    assert {problem.path for problem in problems} == {"items[0].weight"}


def test_kpi_that_does_not_exist_is_a_problem(cast, draft):
    def name_another(document):
        document["items"][1]["kpi"] = "no_such_kpi"
        return document

    _version, problems = drafts.save_draft(
        version=draft, change=name_another, edited_by=cast.hana, now=NOW
    )

    assert [problem.path for problem in problems] == ["items[1].kpi"]


def test_code_of_a_scheme_is_not_edited(cast, draft):
    version = save(cast, draft, draft.document | {"code": "another"})

    assert version.document["code"] == S2


def test_only_hr_edits_and_sends(cast, shipped, draft):
    with pytest.raises(drafts.NotAllowed):
        drafts.save_draft(version=draft, change={}, edited_by=cast.mona, now=NOW)
    with pytest.raises(drafts.NotAllowed):
        drafts.ask_approval(version=draft, asked_by=cast.sam, note="", now=NOW)
    with pytest.raises(drafts.NotAllowed):
        drafts.delete_draft(version=draft, deleted_by=cast.ana)


def test_version_in_use_is_not_edited_nor_deleted(cast, shipped):
    with pytest.raises(drafts.NotADraft):
        drafts.save_draft(version=shipped, change={}, edited_by=cast.hana, now=NOW)
    with pytest.raises(drafts.NotADraft):
        drafts.delete_draft(version=shipped, deleted_by=cast.hana)


def test_manager_approves_and_the_version_before_is_retired(cast, draft):
    version = drafts.approve(version=sent(cast, draft), decided_by=cast.mona, now=NOW)

    assert (version.state, version.approved_by) == ("published", cast.mona)
    states = SchemeVersion.objects.filter(scheme__code=S2).order_by("number")
    assert [one.state for one in states] == ["retired", "published"]


def test_faulty_draft_is_not_sent(cast, draft):
    version = save(cast, draft, calls_weigh(-1))

    with pytest.raises(drafts.NotReady):
        sent(cast, version)


def test_draft_that_says_what_holds_is_not_sent(cast, draft):
    version = save(cast, draft, calls_weigh(50))

    with pytest.raises(drafts.NotReady):
        sent(cast, version)


def test_who_edited_does_not_approve_even_with_another_role_since(cast, draft):
    version = sent(cast, draft)
    cast.hana.role_grants.update(role="manager")
    hana = type(cast.hana).objects.get(pk=cast.hana.pk)

    with pytest.raises(drafts.NotAllowed):
        drafts.approve(version=version, decided_by=hana, now=NOW)


def test_hr_does_not_approve(cast, draft):
    other = add_user("hugo", "hr")

    with pytest.raises(drafts.NotAllowed):
        drafts.approve(version=sent(cast, draft), decided_by=other, now=NOW)


def test_returned_version_is_a_draft_with_the_reason(cast, draft):
    version = drafts.return_draft(
        version=sent(cast, draft), decided_by=cast.mona, answer=" Too low "
    )

    assert (version.state, version.answer) == ("draft", "Too low")


def test_return_needs_a_reason(cast, draft):
    with pytest.raises(drafts.NotReady):
        drafts.return_draft(version=sent(cast, draft), decided_by=cast.mona, answer=" ")


def test_version_that_waits_is_not_edited_until_it_is_taken_back(cast, draft):
    version = sent(cast, draft)
    with pytest.raises(drafts.NotADraft):
        save(cast, version, calls_weigh(30))

    version = drafts.take_back(version=version, taken_by=cast.hana)

    assert save(cast, version, calls_weigh(30)).document["items"][0]["weight"] == 30


def test_retired_scheme_appraises_nobody(cast, shipped):
    version = drafts.retire(version=shipped, retired_by=cast.mona)

    assert version.state == "retired"
    with pytest.raises(drafts.NotReady):
        drafts.retire(version=version, retired_by=cast.mona)


def test_hr_does_not_retire(cast, shipped):
    with pytest.raises(drafts.NotAllowed):
        drafts.retire(version=shipped, retired_by=cast.hana)


def test_deleted_draft_leaves_the_version_in_use(cast, draft):
    drafts.delete_draft(version=draft, deleted_by=cast.hana)

    assert [one.number for one in SchemeVersion.objects.filter(scheme__code=S2)] == [1]


def test_scheme_goes_with_its_only_draft(cast):
    version = drafts.create_scheme(
        code="chat", name_en="Chat", name_zh="在线", edited_by=cast.hana, now=NOW
    )

    drafts.delete_draft(version=version, deleted_by=cast.hana)

    assert not Scheme.objects.filter(code="chat").exists()
    with pytest.raises(drafts.NotADraft):
        drafts.delete_draft(version=version, deleted_by=cast.hana)


def refused_by_the_database(versions, **changes):
    with pytest.raises(IntegrityError), transaction.atomic():
        versions.update(**changes)


def test_database_refuses_every_change_of_a_version_in_use(shipped):
    versions = SchemeVersion.objects.filter(pk=shipped.pk)

    refused_by_the_database(versions, document={})
    refused_by_the_database(versions, name_en="Another")
    refused_by_the_database(versions, positions=["team_leader"])
    refused_by_the_database(versions, state="draft")
    refused_by_the_database(versions, state="retired", document={})
    with pytest.raises(IntegrityError), transaction.atomic():
        versions._raw_delete("default")


def test_database_refuses_to_put_a_retired_version_back(shipped):
    versions = SchemeVersion.objects.filter(pk=shipped.pk)
    versions.update(state="retired")

    refused_by_the_database(versions, state="published")


def test_database_refuses_to_change_what_a_run_used(cast, draft, october, compute):
    run = compute(october)
    run.scheme_versions.update(scheme_version=draft)

    refused_by_the_database(SchemeVersion.objects.filter(pk=draft.pk), document={})


def test_database_refuses_to_change_what_waits_for_approval(cast, draft):
    version = sent(cast, draft)

    refused_by_the_database(SchemeVersion.objects.filter(pk=version.pk), document={})


def test_database_refuses_an_approver_who_edited(cast, draft):
    other = add_user("hugo", "hr")
    drafts.save_draft(version=draft, change=calls_weigh(41), edited_by=other, now=NOW)
    versions = SchemeVersion.objects.filter(pk=draft.pk)

    # hana edited first, hugo last.
    refused_by_the_database(versions, state="published", approved_by=cast.hana)
    refused_by_the_database(versions, state="published", approved_by=other)


def test_file_becomes_a_draft_and_the_same_file_changes_nothing(cast, shipped):
    document = shipped.document | {"cycles": ["month"]}

    version, changed = drafts.load_draft(document=document, edited_by=None, now=NOW)
    again = drafts.load_draft(document=document, edited_by=None, now=NOW)

    assert (version.number, version.state, changed) == (2, "draft", True)
    assert again == (version, False)


def test_file_of_a_scheme_that_is_sent_is_refused(cast, shipped, draft):
    sent(cast, draft)

    with pytest.raises(drafts.DraftInTheWay):
        drafts.load_draft(document=shipped.document, edited_by=None, now=NOW)


def test_cards_in_parts_by_days_are_published_like_any_others(cast, shipped, draft):
    document = shipped.document | {"transfers": "by_days"}
    version, problems = drafts.save_draft(
        version=draft, change=document, edited_by=cast.hana, now=NOW
    )
    drafts.ask_approval(version=version, asked_by=cast.hana, note="", now=NOW)
    published = drafts.approve(version=version, decided_by=cast.mona, now=NOW)

    assert problems == []
    assert (published.state, published.document["transfers"]) == ("published", "by_days")
