"""The entries of the top bar."""

import pytest
from django.template import RequestContext

from agents.templatetags.navigation import navigation


def entries(user, rf, path="/people/"):
    request = rf.get(path)
    request.user = user
    request.resolver_match = None
    return [str(link.label) for link in navigation(RequestContext(request, {"request": request}))]


@pytest.mark.parametrize(
    ("name", "has", "lacks"),
    [
        ("hana", {"People", "Users"}, {"Team"}),
        ("sam", {"People"}, {"Users", "Data"}),
        ("ada", {"Users"}, {"People", "Results"}),
        ("ana", set(), {"People", "Users", "Data", "Cycles", "Team"}),
    ],
)
def test_everybody_sees_the_entries_of_their_roles(cast, rf, name, has, lacks):
    shown = set(entries(getattr(cast, name), rf))

    assert has <= shown
    assert not lacks & shown


def test_entry_of_the_open_page_is_marked(cast):
    text = cast.client("hana").get("/positions/").content.decode()

    assert '<a href="/people/" aria-current="page">People</a>' in text


@pytest.mark.parametrize(
    ("name", "path", "label"),
    [
        ("ana", "/me/pay/", "My pay"),
        ("ana", "/me/results/", "My results"),
        ("hana", "/boards/", "Results"),
        ("mona", "/boards/", "Teams"),
    ],
)
def test_one_entry_at_most_is_marked(cast, name, path, label):
    text = cast.client(name).get(path).content.decode()
    bar = text[text.index('class="nav"') : text.index("topbar-end")]

    assert bar.count('aria-current="page"') == 1
    assert f'aria-current="page">{label}</a>' in bar
