from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appraisal.scoring.documents import list_shipped_documents
from appraisal.scoring.scheme import parse_scheme
from appraisal.scoring.weights import Cover, measure_cover, spread_weights, whole_weights
from tests import shipped

DOCUMENTS = list_shipped_documents()
SCHEMES = [parse_scheme(document) for document in DOCUMENTS]


def exact_sums(spread):
    pairs = zip(spread.numerators, spread.denominators, strict=True)
    return [
        sum(Fraction(int(top), int(bottom)) for top, bottom in zip(*row, strict=True))
        for row in pairs
    ]


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(SCHEMES), st.data())
def test_redistribution_conserves_the_weight(scheme, data):
    flags = st.lists(st.booleans(), min_size=len(scheme.items), max_size=len(scheme.items))
    counts = np.array(data.draw(st.lists(flags, min_size=1, max_size=5)), dtype=bool)
    may_receive = np.array([item.role == "scored" for item in scheme.items])

    spread = spread_weights(scheme, counts=counts, receives=counts & may_receive)

    kept = [
        sum(scheme.weight_of(i) for i, c in zip(scheme.items, row, strict=True) if c)
        for row in counts
    ]
    expected = [own if lost else 100 for own, lost in zip(kept, spread.unassigned, strict=True)]
    assert exact_sums(spread) == expected


def test_weights_become_the_smallest_whole_numbers():
    documents = (shipped.shipped_document(code) for code in (shipped.S2, shipped.S9))
    s2, s9 = map(parse_scheme, documents)

    assert whole_weights(s2).tolist() == [50, 10, 5, 10, 5, 5, 5, 2, 3, 5]
    assert whole_weights(s9).tolist() == [1] * 7


def test_weights_of_many_places_are_spread_in_python_integers():
    document = shipped.shipped_document(shipped.S9)
    document["items"][0]["weight"] = "14.285714286"
    scheme = parse_scheme(document)
    counts = np.array([[True] * 6 + [False]])

    spread = spread_weights(scheme, counts=counts, receives=counts)

    assert spread.numerators.dtype == object
    assert exact_sums(spread) == [100]


@pytest.mark.parametrize(
    ("scored", "counted", "enough"), [(7, 10, True), (699, 1000, False), (0, 0, False)]
)
def test_cover_is_compared_exactly(scored, counted, enough):
    cover = Cover(np.array([scored]), np.array([counted]))

    assert cover.reaches(Fraction(7, 10)).tolist() == [enough]


def test_cover_leaves_out_what_does_not_apply():
    s2 = parse_scheme(shipped.shipped_document(shipped.S2))
    counts = np.array([[True] * 3 + [False] * 7])
    applies = np.array([[True] * 9 + [False]])

    cover = measure_cover(s2, counts=counts, applies=applies)

    assert (cover.scored.tolist(), cover.counted.tolist()) == ([65], [95])
