"""HR builds the after-sales scheme from an empty one in a browser; a manager puts it into use."""

import pytest
import time_machine
from playwright.sync_api import expect

from agents.models import Position
from appraisal.models import SchemeVersion
from appraisal.services import drafts
from tests.factories import NOW
from tests.journeys.tabs import tab_of

pytestmark = pytest.mark.browser

SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
GROUPS = (("customers", "Customers", "客户"), ("work", "Work", "工作"), ("team", "Team", "团队"))
# Group, KPI, code, both names, which way is better, and from where on each level is reached.
ITEMS = (
    ("Customers", "customer_satisfaction", "satisfaction", "Customer satisfaction", "客户满意度",
     "higher", ("90%", "85%")),
    ("Customers", "resolution_rate", "resolution", "Resolution rate", "问题解决率",
     "higher", ("95%", "90%")),
    ("Customers", "callback_rate", "callback", "Call-back rate", "客户回访率",
     "higher", ("90%", "80%")),
    ("Work", "average_response_time", "response_time", "Average response time", "平均响应时间",
     "lower", ("12 h", "24 h")),
    ("Work", "record_accuracy", "record_accuracy", "Service record accuracy", "服务记录准确率",
     "higher", ("98%", "95%")),
    ("Team", "", "teamwork", "Teamwork", "团队协作", "higher", ("90%", "80%")),
    ("Team", "training_given", "training", "Training given", "开展培训", "higher", ("1",)),
)  # fmt: skip
S9 = "s9_after_sales_specialist"


@pytest.fixture
def open_tab(browser, live_server, cast, library, session, scripts):
    """Opens a tab of somebody of the cast on the third of November."""
    Position.objects.create(
        code="after_sales_specialist", name_en="After-sales specialist", name_zh="售后服务专员"
    )
    with time_machine.travel(NOW):
        yield lambda name: tab_of(
            browser, live_server.url, session=session(name), java_script_enabled=scripts
        )


class Editor:
    """The editor as somebody uses it: what is typed, what is pressed."""

    def __init__(self, tab, *, scripts):
        self.tab, self.page, self.scripts = tab, tab.page, scripts

    def press(self, name):
        self.page.get_by_role("button", name=name, exact=True).last.click()

    def part(self, name):
        self.page.get_by_role("link", name=name).click()
        expect(self.page.locator(".edit-panel h2")).to_contain_text(name)

    def save(self):
        """The button saves the whole form, with scripts and without."""
        with self.page.expect_navigation():
            self.press("Save")

    def add_group(self, code, english, chinese):
        self.part("Add item or group")
        self.page.get_by_label("New group, name in English").fill(english)
        self.page.get_by_label("New group, name in Chinese").fill(chinese)
        self.press("Add group")
        expect(self.page.locator(".group-row").last).to_contain_text(english)

    def add_item(self, group, kpi, code, english, chinese, better, levels):
        self.part("Add item or group")
        self.page.get_by_label("What is measured").select_option(kpi)
        self.page.get_by_label("In the group").select_option(label=group)
        self.press("Add item")
        expect(self.page.locator("tr.is-sel")).to_be_visible()
        self.rename(code)
        self.choose("rule.type", "levels")
        for number in range(len(levels)):
            self.press("Add a level")
            expect(self.field(f"rule.levels.{number}.at")).to_be_visible()
        names = ("excellent", "qualified") if len(levels) == 2 else ("qualified",)
        shares = ("100%", "80%")
        for number, (name, value) in enumerate(zip(names, levels, strict=True)):
            self.field(f"rule.levels.{number}.code").fill(name)
            self.field(f"rule.levels.{number}.at").fill(value)
            self.field(f"rule.levels.{number}.share").fill(shares[number])
        self.field("rule.better").select_option(better)
        self.field("name.en").fill(english)
        self.field("name.zh").fill(chinese)
        self.save()
        expect(self.page.locator(".edit-panel h2")).to_have_text(english)
        expect(self.page.locator("#rule-shown svg").first).to_be_attached()

    def rename(self, code):
        self.page.locator("summary", has_text="Code").click()
        self.page.get_by_label("Code").fill(code)
        with self.page.expect_navigation():
            self.press("Rename")

    def choose(self, name, value):
        """Choose another kind of rule: the fields follow, without scripts once it is saved."""
        self.field(name).select_option(value)
        if self.scripts:
            expect(self.page.get_by_role("button", name="Add a level")).to_be_visible()
        else:
            self.save()

    def field(self, name):
        return self.page.locator(f'[name="{name}"]:not([type=hidden])')


def describe(editor, shipped):
    editor.part("About the scheme")
    editor.field("description.en").fill(shipped["description"]["en"])
    editor.field("description.zh").fill(shipped["description"]["zh"])
    editor.page.get_by_label("After-sales specialist").check()
    editor.page.get_by_label("Quarter", exact=True).check()
    editor.save()


def weigh(editor):
    """Everything weighs the same; the sum follows while one types."""
    for item in ITEMS:
        editor.field(f"weight.{item[2]}").fill("1")
    if editor.scripts:
        expect(editor.page.locator("#items-sum")).to_contain_text("7 in all, scaled to 100")
        expect(editor.page.locator("#of-training")).to_have_text("14.29")
    else:
        editor.press("Save weights")
        expect(editor.page.locator("#of-training")).to_have_text("14.29")


def limit(editor):
    """One item below Qualified keeps the grade at Good."""
    editor.part("Grades and stars")
    editor.press("Add a limit")
    editor.field("grade_caps.0.count").fill("1")
    editor.field("grade_caps.0.below").fill("qualified")
    editor.field("grade_caps.0.grade").select_option("good")
    editor.save()


@SCRIPTS
def test_hr_builds_a_scheme_from_an_empty_one_and_a_manager_approves_it(open_tab, scripts):
    shipped = SchemeVersion.objects.get(scheme__code=S9).document
    with open_tab("hana") as tab:
        tab.open("/schemes/")
        tab.page.get_by_role("link", name="New scheme").click()
        tab.page.get_by_label("Name in English").fill("After-sales specialist")
        tab.page.get_by_label("Name in Chinese").fill("售后服务专员考核")
        tab.page.get_by_label("Code").fill("own_after_sales")
        tab.page.get_by_role("button", name="Begin").click()
        expect(tab.page.locator("#editor-state")).to_contain_text("to mend")
        editor = Editor(tab, scripts=scripts)
        describe(editor, shipped)
        for group in GROUPS:
            editor.add_group(*group)
        for item in ITEMS:
            editor.add_item(*item)
        weigh(editor)
        limit(editor)
        expect(tab.page.locator("#editor-state")).to_contain_text("Nothing to mend")
        if scripts:
            tab.check_access()
        tab.look_at_both_widths()
        tab.page.get_by_role("link", name="Send for approval").click()
        tab.page.get_by_label("Note to the manager").fill("Ours from now on.")
        tab.page.get_by_role("button", name="Send version 1").click()
        expect(tab.page.get_by_text("Version 1 is sent")).to_be_visible()
    with open_tab("mona") as tab:
        tab.open("/schemes/")
        tab.page.get_by_role("link", name="After-sales specialist").first.click()
        expect(tab.page.get_by_text("Ours from now on.")).to_be_visible()
        tab.look_at_both_widths()
        tab.page.get_by_role("button", name="Approve version 1").click()
        expect(tab.page.get_by_text("Version 1 is in use from now on.")).to_be_visible()

    version = SchemeVersion.objects.get(scheme__code="own_after_sales")
    assert version.state == "published"
    assert version.document["items"] == shipped["items"]
    assert version.document == shipped | {"code": "own_after_sales"}


@pytest.mark.parametrize("scripts", [True])
def test_a_name_of_one_long_word_makes_no_page_wider_than_a_phone(open_tab, cast):
    scheme = SchemeVersion.objects.get(scheme__code=S9).scheme
    draft = drafts.start_draft(scheme=scheme, edited_by=cast.hana, now=NOW)
    long = {"en": "Customerserviceexcellence" * 4, "zh": "客户服务"}
    drafts.save_draft(
        version=draft, change=lambda one: one | {"name": long}, edited_by=cast.hana, now=NOW
    )

    with open_tab("hana") as tab:
        for address in ("/schemes/", f"/schemes/{S9}/draft/", f"/schemes/{S9}/simulate/"):
            tab.open(address)
            assert long["en"] in tab.page.content()
            tab.look_at_both_widths()
