"""Amounts looked up by grade, stars and place."""


def table(by, *rows):
    return {"type": "table", "by": by, "rows": [{"is": name, "amount": one} for name, one in rows]}


def test_grade_decides_and_no_grade_is_no_data(plan_of, amounts):
    plan = plan_of(table("grade", ("excellent", 300), ("good", 200)))

    given = amounts(plan, count=4, grade=["excellent", "good", "qualified", ""])

    assert given == ["300.00", "200.00", "0.00", "no_data"]


def test_stars_are_named_by_their_number(plan_of, amounts):
    plan = plan_of(table("stars", (5, 50), (1, 10)))

    assert amounts(plan, count=3, stars=[5, 1, None]) == ["50.00", "10.00", "no_data"]


def test_other_positions_are_not_concerned(plan_of, amounts):
    plan = plan_of(table("position", ("key_accounts", 100)))

    given = amounts(plan, count=2, position=["key_accounts", "agent"])

    assert given == ["100.00", "not_applicable"]
