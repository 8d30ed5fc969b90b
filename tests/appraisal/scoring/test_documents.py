from decimal import Decimal
from pathlib import Path

import pytest

from appraisal.scoring.documents import list_shipped_documents, read_document
from appraisal.scoring.reading import SchemeError
from appraisal.scoring.scheme import parse_scheme

HANDBOOK = Path(__file__).resolve().parents[3] / "docs" / "schemes.md"


def test_numbers_are_read_as_written_and_not_as_floats():
    document = read_document("at: 0.95\nweight: 5\n")

    assert document == {"at": Decimal("0.95"), "weight": 5}
    assert isinstance(document["at"], Decimal)


def test_whoever_changes_a_shipped_document_changes_it_for_nobody_else():
    first = list_shipped_documents()[0]
    first["items"].clear()

    assert list_shipped_documents()[0]["items"]


@pytest.mark.parametrize("text", [".nan", ".inf"])
def test_numbers_that_are_none_stay_text(text):
    assert read_document(f"at: {text}\n") == {"at": text}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: [1, 2", "line 1: "),
        ("just words", "scheme: must be a mapping of names to values"),
        ("a: \x00", "text: is not YAML"),
        ("a: !!python/object:os.system x", "line 1: "),
        ("a: 1\nb: 2026-13-45", "line 2: this is no timestamp"),
        ("a: 1\na: 2", "line 2: a stands there twice"),
        ("a: " + "[" * 3000, "text: is nested too deeply"),
    ],
)
def test_text_that_is_no_scheme_is_refused_with_its_place(text, problem):
    with pytest.raises(SchemeError) as caught:
        read_document(text)

    assert str(caught.value).startswith(problem)


def test_shipped_schemes_come_in_the_order_of_their_numbers():
    numbers = [int(one["code"].split("_")[0][1:]) for one in list_shipped_documents()]

    assert numbers == list(range(1, 13))


def test_scheme_of_the_handbook_can_be_published_as_it_stands():
    text = HANDBOOK.read_text("utf-8").split("```yaml")[-1].split("```")[0]

    assert parse_scheme(read_document(text)).code == "chat_agent"
