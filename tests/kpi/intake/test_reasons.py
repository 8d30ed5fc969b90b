import ast
from pathlib import Path

import pytest

from kpi.intake import reasons

INTAKE = Path(reasons.__file__).parent


def refusal_codes():
    """Code and details of every refusal that the readers and the recognition can give."""
    for path in INTAKE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
                continue
            if node.func.id in {"FileRefused", "Refused"} and isinstance(
                node.args[0], ast.Constant
            ):
                yield node.args[0].value, {word.arg: "x" for word in node.keywords}


@pytest.mark.parametrize(("code", "details"), list(refusal_codes()))
def test_every_refusal_has_words_for_all_it_knows(code, details):
    assert reasons.refusal(code, details)


def test_an_unknown_code_stands_for_itself():
    assert reasons.of_row("new_code") == "new_code"
    assert reasons.of_left_out("a reason of the mapping") == "a reason of the mapping"


@pytest.mark.parametrize(
    ("count", "words"),
    [(1, "1 person was added to the records."), (2, "2 people were added to the records.")],
)
def test_a_note_counts_in_whole_sentences(count, words):
    assert reasons.note("created_agents", count=count) == words
