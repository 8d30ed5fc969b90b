"""A throw-away database with a generated centre, for the benchmarks."""

from __future__ import annotations

import os
import platform
import statistics
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).resolve().parent.parent


def set_up_django() -> None:
    """Load the settings of the tests: their folder and database are throw-away."""
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "appraisal.settings.test")
    import django

    django.setup()


@contextmanager
def scratch_database() -> Iterator[None]:
    """Create the test database, migrated and with the library, and drop it at the end."""
    from django.db import connection
    from django.test.utils import setup_databases, teardown_databases

    connection.settings_dict["OPTIONS"]["options"] += " -c statement_timeout=0"
    before = setup_databases(verbosity=0, interactive=False)
    try:
        yield
    finally:
        teardown_databases(before, verbosity=0)


def machine() -> str:
    """One line on what it ran on."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        (version,) = cursor.fetchone()
    cpu = platform.processor() or platform.machine()
    return (
        f"{os.cpu_count()} cores ({cpu}), PostgreSQL {version}, Python {platform.python_version()}"
    )


def side_by_side(
    names: tuple[str, str],
    first: Callable[[], object],
    second: Callable[[], object],
    rounds: int,
    *,
    before: tuple[Callable[[], object], Callable[[], object]] | None = None,
) -> float:
    """Time two ways in turn, print both medians and the median ratio of the pairs.

    Args:
        before: what is done before each of them, untimed.
    """
    pairs = []
    for _ in range(rounds):
        took = []
        for place, way in enumerate((first, second)):
            if before is not None:
                before[place]()
            started = perf_counter()
            way()
            took.append(perf_counter() - started)
        pairs.append(took)
    ratios = [one / other for one, other in pairs]
    for name, column in zip(names, zip(*pairs, strict=True), strict=True):
        print(f"{name}: median {statistics.median(column):.3f} s of {rounds}")
    ratio = statistics.median(ratios)
    print(f"ratio: median {ratio:.2f} ({min(ratios):.2f} to {max(ratios):.2f})")
    return ratio
