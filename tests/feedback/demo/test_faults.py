from feedback.demo.faults import faults_in
from kpi.intake.reasons import row_codes


def test_faults_come_and_go_by_the_month():
    counts = [len(faults_in("tickets", tag)) for tag in ("2610", "2611", "2612")]

    assert counts == [0, 1, 2]


def test_file_of_another_kind_has_none():
    assert faults_in("contacts", "2611") == ()


def test_reasons_are_those_of_the_import():
    kinds = ("tickets", "surveys", "events")
    faults = [fault for kind in kinds for tag in ("2610", "2611") for fault in faults_in(kind, tag)]

    assert {fault.code for fault in faults} <= set(row_codes())
