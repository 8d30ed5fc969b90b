"""All golden centres in one database: the digest depends on the facts and on nothing else."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from appraisal.services.verification import verify_run
from kpi.models import FACT_MODELS
from tests.golden import (
    test_s1,
    test_s2,
    test_s3,
    test_s4,
    test_s5,
    test_s6,
    test_s7,
    test_s8,
    test_s9,
    test_s10,
    test_s11,
    test_s12,
)
from tests.golden.centre import compute, far_zone, open_cycle

CENTRES = {
    "s1-": test_s1, "s2-": test_s2, "s3-": test_s3, "s4-": test_s4, "s5-": test_s5, "s6-": test_s6,
    "s7-": test_s7, "s8-": test_s8, "s9-": test_s9, "s10-": test_s10, "s11-": test_s11,
    "s12-": test_s12,
}  # fmt: skip
WORKERS = 4


@pytest.fixture
def centres(library):
    """Every centre, its people on record and its ratings given, its facts not stored yet."""
    month, quarter = open_cycle("2026-10"), open_cycle("2026-Q4")
    built = []
    for mark, golden in CENTRES.items():
        centre = golden.build(mark)
        built.append(centre)
        if hasattr(golden, "rate_all"):
            golden.rate_all(centre, quarter if golden is test_s9 else month)
    return built


def digests():
    """The digests of a new run of the month and of the quarter."""
    runs = [compute(open_cycle(code)) for code in ("2026-10", "2026-Q4")]
    assert {run.state for run in runs} == {"done"}
    return [run.digest for run in runs]


def store(centres, *, seed=None):
    """Write the facts of all centres anew."""
    for model in FACT_MODELS.values():
        model._default_manager.all().delete()
    order = centres if seed is None else centres[::-1]
    for centre in order:
        centre.store(seed=seed)


@pytest.mark.django_db
def test_order_of_the_facts_and_zone_of_the_server_are_irrelevant(centres):
    store(centres)
    expected = digests()

    store(centres, seed=20_261_101)
    shuffled = digests()
    with far_zone():
        elsewhere = digests()

    assert shuffled == expected
    assert elsewhere == expected
    assert len(set(expected)) == 2


@pytest.mark.django_db(transaction=True)
def test_four_at_once_compute_what_one_computes(centres):
    store(centres)
    run = compute(open_cycle("2026-10"))

    def again(_number):
        try:
            return verify_run(run).recomputed
        finally:
            connection.close()

    with ThreadPoolExecutor(WORKERS) as crowd:
        recomputed = list(crowd.map(again, range(WORKERS)))

    assert recomputed == [run.digest] * WORKERS
