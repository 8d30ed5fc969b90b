"""Two people in one scheme draft in two browsers: nothing of either is lost without a word."""

import pytest
import time_machine
from playwright.sync_api import expect

from appraisal.models import SchemeVersion
from appraisal.services import drafts
from tests.factories import NOW
from tests.journeys.tabs import tab_of

pytestmark = pytest.mark.browser

S2 = "s2_call_centre_agent"
DRAFT = f"/schemes/{S2}/draft/?item=calls"


@pytest.fixture
def open_tab(browser, live_server, cast, library, session):
    scheme = SchemeVersion.objects.get(scheme__code=S2).scheme
    drafts.start_draft(scheme=scheme, edited_by=cast.hana, now=NOW)
    with time_machine.travel(NOW):
        yield lambda: tab_of(browser, live_server.url, session=session("hana"))


def weight(tab, code):
    return tab.page.locator(f'[name="weight.{code}"]')


def of_hundred(tab, code):
    return tab.page.locator(f"#of-{code}")


def stored(code):
    document = SchemeVersion.objects.get(scheme__code=S2, state="draft").document
    return next(one["weight"] for one in document["items"] if one["code"] == code)


def test_two_tabs_change_two_weights_and_then_the_same(open_tab):
    with open_tab() as first, open_tab() as second:
        first.open(DRAFT)
        second.open(DRAFT)
        before = of_hundred(first, "calls").inner_text()
        weight(first, "calls").fill("7")
        expect(of_hundred(first, "calls")).not_to_have_text(before)

        weight(second, "exam").fill("4")
        expect(weight(second, "calls")).to_have_value("7")
        expect(second.page.locator("#toasts")).to_contain_text("changed elsewhere meanwhile")
        assert (stored("calls"), stored("exam")) == (7, 4)

        weight(second, "calls").fill("9")
        expect(of_hundred(second, "calls")).not_to_have_text(
            of_hundred(first, "calls").inner_text()
        )
        weight(first, "calls").fill("8")
        expect(first.page.locator("#toasts")).to_contain_text("you entered 8, but meanwhile it was")
        expect(weight(first, "calls")).to_have_value("9")
        assert stored("calls") == 9


def test_typing_on_in_one_tab_is_no_quarrel(open_tab):
    with open_tab() as tab:
        tab.open(DRAFT)
        for typed in ("1", "12", "12.5", "1"):
            before = of_hundred(tab, "calls").inner_text()
            weight(tab, "calls").fill(typed)
            expect(of_hundred(tab, "calls")).not_to_have_text(before)
        assert stored("calls") == 1
        expect(tab.page.locator("#toasts .toast:visible")).to_have_count(0)


def test_other_kind_of_rule_and_back(open_tab):
    with open_tab() as tab:
        tab.open(f"/schemes/{S2}/draft/?item=satisfaction")
        kind = tab.page.locator('[name="rule.type"]')
        worst = tab.page.locator('[name="rule.worst"]').input_value()

        kind.select_option("share")
        expect(tab.page.get_by_role("button", name="Take it back")).to_be_visible()
        tab.check_access()
        tab.look_at_both_widths()
        kind.select_option("linear")
        expect(tab.page.locator('[name="rule.worst"]')).to_have_value(worst)

        tab.page.get_by_role("button", name="Remove item").click()
        expect(tab.page.locator('[name="weight.satisfaction"]')).to_have_count(0)
        tab.page.get_by_role("button", name="Take it back").click()
        expect(tab.page.locator('[name="weight.satisfaction"]')).to_be_visible()
