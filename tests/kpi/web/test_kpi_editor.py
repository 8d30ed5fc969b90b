"""HR writes a KPI on pages; a manager takes it into use."""

import pytest

from kpi.models import KPI, KPIVersion
from kpi.selectors import newest_version
from tests.kpi.services.test_drafts import WHOLE

pytestmark = pytest.mark.usefixtures("library")


def fields_of(document=WHOLE, **others):
    sent = {
        name: document[name]
        for name in ("theme", "formula", "unit", "better", "scope", "anchor", "minimum_sample")
    }
    for part in ("name", "sample", "meaning", "attribution", "leaves_out"):
        sent |= {f"{part}_{language}": text for language, text in document[part].items()}
    return sent | others


def begin(cast, code="calls_taken"):
    sent = {"code": code, "name_en": "Calls taken", "name_zh": "接听来电"}
    return cast.client("hana").post("/kpis/new/", sent)


def test_from_an_empty_draft_to_a_kpi_in_use(cast):
    hana, mona = cast.client("hana"), cast.client("mona")
    assert begin(cast).headers["Location"] == "/kpis/calls_taken/edit/"

    hana.post("/kpis/calls_taken/edit/", fields_of())
    hana.post("/kpis/calls_taken/send/")
    review = mona.get("/kpis/calls_taken/review/").content.decode()
    mona.post("/kpis/calls_taken/approve/")

    assert "count(contacts, where=answered)" in review
    assert newest_version("calls_taken").definition == WHOLE


def test_a_faulty_draft_is_saved_and_says_what_is_wrong(cast):
    begin(cast)
    hana = cast.client("hana")

    hana.post("/kpis/calls_taken/edit/", fields_of(formula="count(contact)", meaning_zh=""))
    page = hana.get("/kpis/calls_taken/edit/").content.decode()

    assert "Did you mean contacts?" in page
    assert "“What it says” needs text in English and in Chinese." in page
    assert "Send the saved draft" not in page
    hana.post("/kpis/calls_taken/send/")
    assert KPIVersion.objects.get(kpi__code="calls_taken").state == "draft"


@pytest.mark.parametrize(
    ("formula", "english", "chinese"),
    [
        ("", "The formula is empty. Example:", "公式为空。示例："),
        ("count(", "The formula cannot be read here.", "此处无法读懂，请检查括号、引号和逗号。"),
    ],
)
@pytest.mark.parametrize("address", ["/kpis/calls_taken/", "/kpis/calls_taken/review/"])
def test_a_formula_that_cannot_be_read_is_told_in_the_language_of_the_page(
    cast, address, formula, english, chinese
):
    begin(cast)
    hana = cast.client("hana")
    hana.post("/kpis/calls_taken/edit/", fields_of(formula=formula))

    assert english in hana.get(address).content.decode()
    page = hana.get(address, headers={"accept-language": "zh-hans"}).content.decode()
    assert chinese in page
    assert english not in page


def test_the_review_names_the_day_that_dates_the_kpi_in_words(cast):
    begin(cast)

    page = cast.client("hana").get("/kpis/calls_taken/review/")

    assert [(one.part, one.after) for one in page.context["changes"]][:1] == [
        ("Name", "Calls taken / 接听来电")
    ]
    assert ("Dated by", "day of the row") in [
        (one.part, one.after) for one in page.context["changes"]
    ]


def test_the_review_calls_the_name_of_a_kpi_otherwise_than_that_of_a_person(cast):
    begin(cast)

    page = cast.client("hana").get(
        "/kpis/calls_taken/review/", headers={"accept-language": "zh-hans"}
    )

    assert page.context["changes"][0].part == "名称"


def test_the_check_shows_the_place_and_the_words(cast):
    hana = cast.client("hana")

    wrong = hana.post("/kpis/check/", {"formula": "count(contacts, where=answred)"})
    right = hana.post("/kpis/check/", {"formula": "avg(contacts.talk_s)", "unit": "share"})

    assert "<mark>answred</mark>" in wrong.content.decode()
    assert "The unit is percent, but the formula gives seconds." in right.content.decode()


def test_the_preview_holds_values_of_people(cast, october_calls):
    begin(cast)

    answer = cast.client("hana").post(
        "/kpis/calls_taken/preview/",
        {"formula": "max(contacts.talk_s)", "unit": "s", "period": "2026-10"},
    )
    page = " ".join(answer.content.decode().split())

    assert '<th scope="row">Ana<span class="sub">' in page
    assert "300 s" in page


@pytest.fixture
def october_calls(cast):
    from datetime import date

    from tests.factories import add_facts

    rows = [{"day": date(2026, 10, 5), "answered": True, "talk_s": 300}]
    add_facts("contacts", rows, agent=cast.ana.agent)


def test_a_draft_is_for_hr_and_managers_alone(cast):
    begin(cast)
    for name in ("ana", "sam", "quinn", "ada"):
        client = cast.client(name)
        asked = [client.get("/kpis/new/"), client.get("/kpis/calls_taken/edit/"),
                 client.get("/kpis/calls_taken/review/")]  # fmt: skip
        assert {answer.status_code for answer in asked} == {404}
    assert cast.client("mona").get("/kpis/calls_taken/review/").status_code == 200
    assert cast.client("mona").get("/kpis/calls_taken/edit/").status_code == 404


def test_hr_alone_takes_nothing_into_use(cast):
    begin(cast)
    hana = cast.client("hana")
    hana.post("/kpis/calls_taken/edit/", fields_of())
    hana.post("/kpis/calls_taken/send/")

    assert hana.post("/kpis/calls_taken/approve/").status_code == 404
    assert newest_version("calls_taken") is None


def test_a_manager_gives_it_back_with_a_word(cast):
    begin(cast)
    hana, mona = cast.client("hana"), cast.client("mona")
    hana.post("/kpis/calls_taken/edit/", fields_of())
    hana.post("/kpis/calls_taken/send/")

    mona.post("/kpis/calls_taken/return/", {"note": "Say what a call is."})

    assert "Say what a call is." in hana.get("/kpis/calls_taken/edit/").content.decode()


def test_a_changed_formula_drops_the_worked_example(cast):
    hana = cast.client("hana")
    hana.post("/kpis/average_handle_time/draft/")
    version = KPIVersion.objects.get(kpi__code="average_handle_time", state="draft")

    hana.post("/kpis/average_handle_time/edit/", fields_of(version.definition))
    kept = KPIVersion.objects.get(pk=version.pk).definition
    hana.post(
        "/kpis/average_handle_time/edit/",
        fields_of(version.definition, formula="avg(contacts.talk_s)"),
    )

    assert kept == version.definition
    assert "example" not in KPIVersion.objects.get(pk=version.pk).definition


def test_a_wrong_code_is_refused_at_its_field(cast):
    answer = begin(cast, code="Calls Taken")

    assert answer.status_code == 422
    assert "lower-case letters" in answer.content.decode()
    assert not KPI.objects.filter(code__icontains="calls taken").exists()


def test_deleting_the_only_draft_leads_to_the_list(cast):
    begin(cast)

    answer = cast.client("hana").post("/kpis/calls_taken/discard/")

    assert answer.headers["Location"] == "/kpis/"
    assert cast.client("hana").get("/kpis/calls_taken/edit/").status_code == 404


def edit(client, **changed):
    return client.post("/kpis/calls_taken/edit/", fields_of(**changed))


def test_a_refused_save_speaks_of_what_was_typed(cast):
    begin(cast)

    answer = edit(cast.client("hana"), minimum_sample="-5", formula="count(contact)")

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Did you mean contacts?" in page
    assert "The formula is empty" not in page.split("Before it can be sent")[0]


def test_a_draft_that_another_saved_meanwhile_is_not_overwritten_unseen(cast):
    begin(cast)
    hana = cast.client("hana")
    stands = hana.get("/kpis/calls_taken/edit/").context["stands"]
    edit(hana)

    late = edit(hana, stands=stands, minimum_sample=7)
    kept = KPIVersion.objects.get(kpi__code="calls_taken").definition
    again = edit(hana, stands=late.context["stands"], minimum_sample=7)

    assert late.status_code == 422
    assert "Somebody saved this draft after you opened it." in late.content.decode()
    assert 'value="7"' in late.content.decode()
    assert kept == WHOLE
    assert again.status_code == 302
    assert KPIVersion.objects.get(kpi__code="calls_taken").definition["minimum_sample"] == 7


def test_the_same_save_sent_twice_is_none_of_anothers(cast):
    begin(cast)
    hana = cast.client("hana")
    stands = hana.get("/kpis/calls_taken/edit/").context["stands"]

    answers = [edit(hana, stands=stands), edit(hana, stands=stands)]

    assert [answer.status_code for answer in answers] == [302, 302]


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"period": "2026-13"}, "“2026-13” is no period."),
        ({"period": "last month"}, "“last month” is no period."),
        ({"minimum_sample": "-5"}, "Smallest sample: "),
        ({"unit": "apples"}, "Unit: "),
    ],
)
def test_the_preview_says_what_it_cannot_be_tried_with(cast, october_calls, changed, told):
    begin(cast)
    sent = {"formula": "max(contacts.talk_s)", "unit": "s", "period": "2026-10"} | changed

    page = cast.client("hana").post("/kpis/calls_taken/preview/", sent).content.decode()

    assert told in page
    assert "import a file first" not in page
    assert "300 s" not in page


def test_the_preview_of_a_figure_of_the_centre_names_nobody(cast, october_calls):
    begin(cast)
    sent = {"formula": "max(contacts.talk_s)", "unit": "s", "period": "2026-10", "scope": "centre"}

    page = cast.client("hana").post("/kpis/calls_taken/preview/", sent).content.decode()

    assert "people have none of their own" in page
    assert "300 s" in page  # of the whole centre
    assert "Ana" not in page


def test_what_is_saved_to_a_draft_sent_or_deleted_meanwhile_is_said_to_be_lost(cast):
    begin(cast)
    hana = cast.client("hana")
    hana.post("/kpis/calls_taken/edit/", fields_of())
    hana.post("/kpis/calls_taken/send/")

    sent = hana.post("/kpis/calls_taken/edit/", fields_of(unit="s"), follow=True)

    assert sent.redirect_chain == [("/kpis/calls_taken/", 302)]
    assert "sent for approval meanwhile" in sent.content.decode()
    cast.client("mona").post("/kpis/calls_taken/return/", {"note": "Not yet."})
    hana.post("/kpis/calls_taken/discard/")
    deleted = hana.post("/kpis/calls_taken/edit/", fields_of(unit="s"), follow=True)
    assert deleted.redirect_chain == [("/kpis/", 302)]
    assert "deleted meanwhile" in deleted.content.decode()
    assert hana.get("/kpis/calls_taken/edit/").status_code == 404


def test_agents_see_no_unfinished_kpi(cast):
    begin(cast)

    assert cast.client("ana").get("/kpis/calls_taken/").status_code == 404
    assert cast.client("mona").get("/kpis/calls_taken/").status_code == 200


def test_agents_see_what_is_in_use_and_not_what_it_shall_become(cast):
    hana = cast.client("hana")
    hana.post("/kpis/average_handle_time/draft/")
    hana.post("/kpis/average_handle_time/edit/", fields_of(name_en="Time with a customer"))

    page = cast.client("ana").get("/kpis/average_handle_time/").content.decode()

    assert "Average handle time" in page
    assert "Time with a customer" not in page
    assert "draft" not in page
