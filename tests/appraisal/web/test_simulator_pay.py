"""What a draft would cost, beside what it would give."""

from appraisal.models import SchemeVersion
from appraisal.services import drafts, pay
from tests.factories import NOW
from tests.pay import put_to_use

S2 = "s2_call_centre_agent"


def test_simulator_says_what_other_grades_would_cost(cast, results):
    put_to_use(cast.hana, cast.mona)
    scheme = SchemeVersion.objects.get(scheme__code=S2).scheme
    drafts.start_draft(scheme=scheme, edited_by=cast.hana, now=NOW)
    run = results.run("2026-10")
    run.parameters = run.parameters | {"minimum_presence": "0.4"}
    run.save(update_fields=["parameters"])
    for user, total, points, share in ((cast.ana, 80, 40, 46.4), (cast.ben, 70, 30, 34.8)):
        card = results.card("2026-10", user, total)
        results.line(card, "calls", share, points)
    client, address = cast.client("hana"), f"/schemes/{S2}/simulate/"

    without = client.get(address)
    pay.compute_pay(run=run, asked_by=cast.hana, now=NOW)
    page = client.get(address)

    assert without.context["pay_cost"] is None
    cost = page.context["pay_cost"]
    # Both are good, 200.00 each; calls alone cover 50 of 100, so nobody has a grade after
    assert (cost.people, str(cost.before), str(cost.after)) == (2, "400.00", "0.00")
    assert (
        "Pay of the 2 people with a statement: 400.00 before, 0.00 after." in page.content.decode()
    )
