"""Fields of the scheme editor say what they are for where their label alone does not."""

import pytest

from appraisal.web.pages import scheme_fields as tables


@pytest.mark.parametrize("kind", tables.RULE_KINDS)
def test_every_kind_of_rule_has_fields(kind):
    assert tables.rule_fields({"type": kind})


def test_lists_and_shares_say_what_is_typed_in_them():
    rules = [one for kind in tables.RULE_KINDS for one in tables.rule_fields({"type": kind})]
    fields = [
        *rules, *tables.ITEM_TERMS, *tables.ABOUT_FIELDS, *tables.GRADE_FIELDS,
        *tables.GUIDELINE_FIELDS,
    ]  # fmt: skip

    asking = [one for one in fields if one.kind in {"rows", "percent", "numbers"}]

    assert asking
    assert [one.name for one in asking if not one.hint] == []
