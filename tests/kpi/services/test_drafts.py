"""KPIs that HR writes: from an empty draft to a version in use."""

import pytest
from django.db import IntegrityError, transaction

from kpi.models import KPI, KPIVersion
from kpi.selectors import newest_version
from kpi.services import drafts
from kpi.services.drafts import DraftRefused
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("library")

BOTH = {"en": "Calls", "zh": "来电"}
WHOLE = {
    "name": {"en": "Calls taken", "zh": "接听来电"},
    "theme": "handling",
    "formula": "count(contacts, where=answered)",
    "unit": "count",
    "better": "higher",
    "scope": "agent",
    "anchor": "day",
    "minimum_sample": 0,
    "sample": BOTH,
    "meaning": BOTH,
    "attribution": BOTH,
    "leaves_out": BOTH,
}


def begin(cast, document=WHOLE, code="calls_taken"):
    return drafts.create_kpi(code=code, document=document, by=cast.hana, now=NOW)


def test_a_new_kpi_is_drafted_sent_and_approved_by_another(cast):
    version = begin(cast)
    assert newest_version("calls_taken") is None

    drafts.send_draft(version_id=version.pk, by=cast.hana)
    drafts.approve(version_id=version.pk, by=cast.mona)

    found = newest_version("calls_taken")
    assert (found.number, found.edited_by, found.approved_by) == (1, cast.hana, cast.mona)
    assert (found.formula, found.unit, found.name_zh) == (WHOLE["formula"], "count", "接听来电")


def test_a_taken_code_is_refused(cast):
    with pytest.raises(DraftRefused, match="taken"):
        begin(cast, code="average_handle_time")


def test_a_faulty_draft_is_kept_and_cannot_be_sent(cast):
    version = begin(cast, {"formula": "count(contact)", "name": {"en": "x" * 200}})

    assert version.formula == "count(contact)"
    with pytest.raises(DraftRefused, match="Did you mean contacts"):
        drafts.send_draft(version_id=version.pk, by=cast.hana)


def test_nobody_who_edited_it_approves_it(cast):
    version = begin(cast)
    drafts.save_draft(version_id=version.pk, document=WHOLE, by=cast.mona)
    drafts.save_draft(version_id=version.pk, document=WHOLE, by=cast.hana)
    drafts.send_draft(version_id=version.pk, by=cast.hana)

    for person in (cast.hana, cast.mona):
        with pytest.raises(DraftRefused, match="yourself"):
            drafts.approve(version_id=version.pk, by=person)


def test_the_next_version_begins_with_the_one_in_use(cast):
    version = drafts.start_draft(code="average_handle_time", by=cast.hana, now=NOW)
    present = newest_version("average_handle_time")

    assert (version.number, version.state) == (present.number + 1, "draft")
    assert version.definition == present.definition
    with pytest.raises(DraftRefused, match="draft already"):
        drafts.start_draft(code="average_handle_time", by=cast.hana, now=NOW)


def test_giving_back_needs_a_word_but_taking_back_does_not(cast):
    version = begin(cast)
    drafts.send_draft(version_id=version.pk, by=cast.hana)
    with pytest.raises(DraftRefused, match="different"):
        drafts.return_draft(version_id=version.pk, by=cast.mona, note="  ")

    returned = drafts.return_draft(version_id=version.pk, by=cast.mona, note="Say what a call is.")

    assert (returned.state, returned.note) == ("draft", "Say what a call is.")
    drafts.send_draft(version_id=version.pk, by=cast.hana)
    assert drafts.return_draft(version_id=version.pk, by=cast.hana, note="").state == "draft"


def test_what_was_sent_does_not_change_behind_the_approvers_back(cast):
    version = begin(cast)
    drafts.send_draft(version_id=version.pk, by=cast.hana)

    with pytest.raises(DraftRefused, match="waiting for approval"):
        drafts.save_draft(version_id=version.pk, document=WHOLE, by=cast.hana)
    with pytest.raises(DraftRefused):
        drafts.discard(version_id=version.pk)


def test_discarding_the_only_draft_frees_the_code(cast):
    drafts.discard(version_id=begin(cast).pk)

    assert not KPI.objects.filter(code="calls_taken").exists()
    assert begin(cast).number == 1


def test_a_kpi_that_a_scheme_uses_is_not_retired(cast):
    with pytest.raises(DraftRefused, match="It is used in"):
        drafts.retire(code="calls_per_shift")


def test_a_kpi_that_only_a_condition_of_a_scheme_reads_is_not_retired(cast):
    with pytest.raises(DraftRefused, match=r"agent \(points\)"):
        drafts.retire(code="longest_pause_in_a_shift")


def test_a_kpi_out_of_use_is_no_longer_current(cast):
    version = begin(cast)
    drafts.send_draft(version_id=version.pk, by=cast.hana)
    drafts.approve(version_id=version.pk, by=cast.mona)

    drafts.retire(code="calls_taken")

    assert newest_version("calls_taken") is None
    with pytest.raises(DraftRefused, match="not in use"):
        drafts.retire(code="calls_taken")


def test_the_database_keeps_a_version_that_was_in_use(cast):
    found = newest_version("average_handle_time")
    found.formula = "count(contacts)"

    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        found.save()
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        KPIVersion.objects.filter(pk=found.pk).update(minimum_sample=0)
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        found.delete()
