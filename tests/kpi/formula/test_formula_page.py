import re
from pathlib import Path

import pytest

from kpi.formula.compiler import compile_formula
from kpi.formula.errors import FormulaError
from kpi.formula.fields import FACTS

PAGE = (Path(__file__).parents[3] / "docs" / "formula.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```formula\n(.*?)```", PAGE, flags=re.DOTALL)
EXAMPLES = [line for block in BLOCKS for line in block.splitlines()]
ERRORS = re.findall(r"^\| `(.+?)` \| (.+) \|$", PAGE.split("## When something is wrong")[1], re.M)
FIELDS = dict(re.findall(r"^\| `(\w+)` \| ((?:`\w+` ?)+) \|$", PAGE, re.M))


@pytest.mark.parametrize("formula", EXAMPLES)
def test_every_example_of_the_page_is_a_formula(formula):
    assert compile_formula(formula).text == formula


@pytest.mark.parametrize(("formula", "message"), ERRORS)
def test_every_error_of_the_page_reads_as_printed(formula, message):
    with pytest.raises(FormulaError) as caught:
        compile_formula(formula)

    assert caught.value.message == message


@pytest.mark.parametrize("fact", FACTS.values(), ids=lambda fact: fact.name)
def test_page_lists_every_field(fact):
    stamped = set(FACTS["figures"].fields) & set(FACTS["events"].fields)
    listed = set(re.findall(r"\w+", FIELDS[fact.name]))

    assert listed == set(fact.fields) - stamped - {"date"}
