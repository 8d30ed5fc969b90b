from django.db import transaction

from kpi.services import revisions
from tests.factories import NOW


def test_watermark_of_an_empty_database_is_zero(db):
    assert revisions.latest_revision() == 0


def test_revisions_only_grow(db):
    with transaction.atomic():
        first = revisions.next_revision(reason="import", made_by=None, now=NOW)
        second = revisions.next_revision(reason="undo", made_by=None, now=NOW)

    assert second.pk > first.pk
    assert revisions.latest_revision() == second.pk
