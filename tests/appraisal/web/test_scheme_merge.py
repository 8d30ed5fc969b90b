"""Two people, or two tabs of one, in the same scheme draft."""

import pytest
from django.http import QueryDict

from appraisal.services import drafts
from tests.factories import NOW, add_user

pytestmark = pytest.mark.usefixtures("library")

S2 = "s2_call_centre_agent"
DRAFT = f"/schemes/{S2}/draft/"
LIVE = {"HX-Request": "true"}


@pytest.fixture
def hana(cast, draft):
    return cast.client("hana")


@pytest.fixture
def hugo(cast, draft, client):
    backend = "django.contrib.auth.backends.ModelBackend"
    client.force_login(add_user("hugo", "hr"), backend=backend)
    return client


class Form:
    """A form of the editor as a browser has it: drawn once, typed in, sent whole."""

    def __init__(self, client, query, *, stood="stood", **fixed):
        self.client, self.fixed = client, fixed
        self.stood = client.get(f"{DRAFT}?{query}").context[stood]
        self.fields = QueryDict(self.stood, mutable=True)

    def send(self, headers=None, **typed):
        for name, value in typed.items():
            self.fields[name] = value
        lists = dict(self.fields.lists())
        return self.client.post(
            DRAFT, lists | self.fixed | {"stood": self.stood}, headers=headers or {}, follow=True
        )


def weights_of(client):
    return Form(client, "item=calls", stood="stood_weights", part="weights")


def item_of(client, code):
    return Form(client, f"item={code}", part="item", item=code)


def stored(draft, code):
    draft.refresh_from_db()
    return next(one for one in draft.document["items"] if one["code"] == code)


def with_rule(draft, code, rule):
    item = stored(draft, code) | {"rule": rule}
    items = [item if one["code"] == code else one for one in draft.document["items"]]
    document = draft.document | {"items": items}
    return drafts.save_draft(version=draft, change=document, edited_by=None, now=NOW)[0]


def texts(answer):
    return [str(one) for one in answer.context["messages"]]


def test_both_weights_stay_where_two_people_change_two(hana, hugo, draft):
    first, second = weights_of(hana), weights_of(hugo)

    first.send(**{"weight.calls": "7"})
    answer = second.send(**{"weight.exam": "4"})

    assert [stored(draft, code)["weight"] for code in ("calls", "exam")] == [7, 4]
    assert texts(answer) == ["This draft was changed elsewhere meanwhile; the page shows it."]


def test_same_weight_changed_by_both_is_refused_with_both_figures(hana, hugo, draft):
    first, second = weights_of(hana), weights_of(hugo)

    first.send(**{"weight.calls": "7"})
    answer = second.send(**{"weight.calls": "9", "weight.exam": "4"})

    assert [stored(draft, code)["weight"] for code in ("calls", "exam")] == [7, 4]
    assert texts(answer) == [
        "Weight of Calls per shift: you entered 9, but meanwhile it was set to 7, which stands."
        " Enter yours again to put it in its place."
    ]
    weights_of(hugo).send(**{"weight.calls": "9"})
    assert stored(draft, "calls")["weight"] == 9


def test_same_figure_from_both_is_no_quarrel(hana, hugo, draft):
    first, second = weights_of(hana), weights_of(hugo)

    first.send(**{"weight.calls": "7"})

    assert texts(second.send(**{"weight.calls": "7.0"})) == []


def test_weight_of_an_item_that_is_gone_is_told(hana, hugo, draft):
    second = weights_of(hugo)
    hana.post(DRAFT, {"part": "item", "item": "calls", "do": "remove"})

    answer = second.send(**{"weight.calls": "9"})

    assert texts(answer) == ["Weight of calls: 9 is not saved, because it was removed meanwhile."]


def test_one_types_a_name_and_the_other_a_figure_of_the_same_item(hana, hugo, draft):
    first, second = item_of(hana, "satisfaction"), item_of(hugo, "satisfaction")

    first.send(**{"name.en": "Happy customers"})
    second.send(**{"rule.worst": "75%"})

    item = stored(draft, "satisfaction")
    assert (item["name"]["en"], item["rule"]["worst"]) == ("Happy customers", "0.75")


def test_same_name_changed_in_two_tabs_is_refused(hana, draft):
    first, second = item_of(hana, "satisfaction"), item_of(hana, "satisfaction")

    first.send(**{"name.en": "Happy customers"})
    answer = second.send(**{"name.en": "Glad customers"})

    assert stored(draft, "satisfaction")["name"]["en"] == "Happy customers"
    assert "you entered Glad customers, but meanwhile it was set to Happy cust" in texts(answer)[0]


def test_other_kind_does_not_throw_away_figures_set_elsewhere(hana, hugo, draft):
    first, second = item_of(hana, "satisfaction"), item_of(hugo, "satisfaction")

    first.send(**{"rule.worst": "75%"})
    answer = second.send(**{"rule.type": "share"})

    rule = stored(draft, "satisfaction")["rule"]
    assert (rule["type"], rule["worst"]) == ("linear", "0.75")
    assert texts(answer)[0].startswith("Kind of rule: you entered The value is the share, but")


def test_figure_of_a_kind_that_was_changed_elsewhere_is_told(hana, hugo, draft):
    first, second = item_of(hana, "satisfaction"), item_of(hugo, "satisfaction")

    first.send(**{"rule.type": "levels"})
    answer = second.send(**{"rule.worst": "75%", "name.en": "Happy"})

    item = stored(draft, "satisfaction")
    assert (item["rule"], item["name"]["en"]) == ({"type": "levels"}, "Happy")
    assert texts(answer) == ["No points at: 75% is not saved, because it was removed meanwhile."]


def test_steps_are_one_field(hana, hugo, draft):
    steps = {"type": "bands", "bands": [{"at": 60, "points": 40}, {"at": 50, "points": 20}]}
    draft = with_rule(draft, "calls", steps)
    first, second = item_of(hana, "calls"), item_of(hugo, "calls")

    first.send(**{"rule.bands.1.at": "55"})
    answer = second.send(**{"rule.bands.0.points": "39"})

    assert stored(draft, "calls")["rule"]["bands"] == [
        {"at": 60, "points": 40},
        {"at": 55, "points": 20},
    ]
    assert texts(answer)[0].startswith(
        "Steps, the best first: you entered 60 → 39, 50 → 20, but meanwhile it was set to"
        " 60 → 40, 55 → 20, which stands."
    )


@pytest.mark.parametrize("part", ["about", "grades"])
def test_form_that_nobody_touched_changes_nothing(hana, draft, part):
    before = draft.document

    answer = Form(hana, f"part={part}", part=part).send()

    draft.refresh_from_db()
    assert (draft.document, texts(answer)) == (before, [])


def test_every_item_that_nobody_touched_stays(hana, draft):
    before = draft.document

    for item in before["items"]:
        item_of(hana, item["code"]).send()

    draft.refresh_from_db()
    assert draft.document == before


def test_grades_and_about_of_two_people_come_together(hana, hugo, draft):
    first = Form(hana, "part=grades", part="grades")
    second = Form(hugo, "part=grades", part="grades")

    first.send(**{"grades.0.from": "91"})
    answer = second.send(**{"guideline.grade": "good", "guideline.at_most": "20%"})

    draft.refresh_from_db()
    assert draft.document["grades"][0]["from"] == 91
    assert draft.document["guideline"] == {"grade": "good", "at_most": "0.2"}
    assert len(texts(answer)) == 1


def test_typing_goes_on_from_what_was_saved(hana, draft):
    form = weights_of(hana)

    page = form.send(LIVE, **{"weight.calls": "4"})
    form.stood = page.context["stood_weights"]
    form.send(LIVE, **{"weight.calls": "45"})

    assert stored(draft, "calls")["weight"] == 45


@pytest.mark.parametrize("typed", ["45", "50"])
def test_own_save_that_had_no_answer_is_no_quarrel(hana, draft, typed):
    form = weights_of(hana)
    assert form.fields["weight.calls"] == "50"

    form.send(LIVE, **{"weight.calls": "4"})
    answer = form.send(sent=form.fields.urlencode(), **{"weight.calls": typed})

    assert stored(draft, "calls")["weight"] == int(typed)
    assert texts(answer) == []


def test_somebody_else_s_save_after_one_s_own_is_told(hana, hugo, draft):
    form = weights_of(hana)
    form.send(LIVE, **{"weight.calls": "4"})
    sent = form.fields.urlencode()
    weights_of(hugo).send(**{"weight.calls": "9"})

    answer = form.send(sent=sent, **{"weight.calls": "45"})

    assert stored(draft, "calls")["weight"] == 9
    assert "you entered 45, but meanwhile it was set to 9" in texts(answer)[0]


def test_page_is_read_anew_where_something_else_stands(hana, hugo, draft):
    first, second = weights_of(hana), weights_of(hugo)
    first.send(LIVE, **{"weight.calls": "7"})

    answer = second.send(LIVE, **{"weight.calls": "9"})

    assert (answer.status_code, answer.headers["HX-Trigger"]) == (204, "redraw")
    assert "you entered 9" in hugo.get(DRAFT).content.decode()
