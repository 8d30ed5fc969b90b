"""Statements: lines that add up, a floor only where it is asked for, one digest."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from appraisal.pay.figures import Inputs
from appraisal.pay.plan import parse_plan
from appraisal.pay.statements import Statements, digest_of, work_out
from tests.appraisal.pay.conftest import document, frame, people

CALLS = {"type": "pieces", "formula": "count(contacts)", "rate": "0.37"}
FINES = {"type": "pieces", "formula": "count(events)", "rate": "12.345", "group": "deduction"}


def worked(calls, fines, **more):
    plan = parse_plan(document(CALLS, FINES, **more))
    measured = {"line_1": frame(calls), "line_2": frame(fines)}
    return work_out(plan, Inputs(people(len(calls)), measured))


@given(
    st.lists(
        st.tuples(
            st.one_of(st.none(), st.integers(0, 5_000)), st.one_of(st.none(), st.integers(0, 50))
        ),
        min_size=1,
        max_size=5,
    )
)
def test_lines_always_add_up_to_the_net(rows):
    result = worked([calls for calls, _ in rows], [fines for _, fines in rows])

    for head in result.statements.itertuples():
        lines = result.lines[result.lines["agent_id"] == head.agent_id]
        amounts = [one for one in lines["amount"] if one is not None]
        assert head.net == (sum(amounts, Decimal(0)) if amounts else None)


def test_net_may_fall_below_zero():
    result = worked([10], [2])

    # 3.70 - 24.69
    assert [str(net) for net in result.statements["net"]] == ["-20.99"]


def test_floor_is_a_line_of_its_own_where_the_plan_asks_for_it():
    result = worked([10], [2], floor_at_zero=True)

    assert [str(net) for net in result.statements["net"]] == ["0.00"]
    lifted = result.lines[result.lines["line"] == "floor"]
    assert [str(amount) for amount in lifted["amount"]] == ["20.99"]


def test_nothing_known_is_no_net_and_not_zero():
    result = worked([None], [None])

    assert list(result.statements["net"]) == [None]


def test_awaited_line_makes_it_provisional():
    plan = parse_plan(document(CALLS, FINES))
    measured = {"line_1": frame([10]), "line_2": frame([None])}
    measured["line_2"]["state"] = "awaited"

    result = work_out(plan, Inputs(people(1), measured))

    assert list(result.statements["provisional"]) == [True]
    assert [str(net) for net in result.statements["net"]] == ["3.70"]


def test_digest_does_not_know_the_order_of_rows():
    result = worked([10, 20, 30], [0, 1, None])
    turned = Statements(
        result.statements.sample(frac=1, random_state=1),
        result.lines.sample(frac=1, random_state=2),
    )

    assert digest_of(turned) == digest_of(result)
    assert digest_of(worked([10, 20, 31], [0, 1, None])) != digest_of(result)


def test_limit_keeps_what_it_would_have_been():
    plan = parse_plan(document(CALLS | {"limit": 5}))

    result = work_out(plan, Inputs(people(2), {"line_1": frame([10, 100])}))

    assert list(result.lines["detail"]) == [
        {"parts": ["10"]},
        {"parts": ["100"], "full": "37.00"},
    ]
