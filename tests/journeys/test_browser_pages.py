"""Every main page in a real browser: both languages, light and dark, wide and phone.

No fault in the console, nothing refused by the content policy, no sideways scrolling, the language
said right, and no serious fault against people who read or move otherwise.
"""

import pytest

from agents.models import Agent, Team, User
from kpi.models import ImportBatch, Job
from tests.journeys.tabs import tab_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

# Of whom the pages are, and the pages; {name} stands for an id of the centre.
PAGES = {
    "hr.zhou": [
        "/",
        "/cycles/",
        "/cycles/2026-10/",
        "/cycles/2026-11/",
        "/data/",
        "/data/{batch}/",
        "/data/{batch}/undo/",
        "/jobs/",
        "/jobs/{job}/",
        "/kpis/",
        "/kpis/average_handle_time/",
        "/schemes/",
        "/schemes/s2_call_centre_agent/",
        "/schemes/new/",
        "/schemes/s2_call_centre_agent/draft/?item=satisfaction",
        "/schemes/s2_call_centre_agent/draft/?part=grades",
        "/schemes/s2_call_centre_agent/draft/?part=about",
        "/schemes/s2_call_centre_agent/draft/?part=send",
        "/schemes/s2_call_centre_agent/simulate/?cycle=2026-10",
        "/schemes/s2_call_centre_agent/compare/",
    ],
    "hr.bennett": [
        "/people/",
        "/people/new/",
        "/people/import/",
        "/people/{agent}/",
        "/people/{agent}/edit/",
        "/people/{agent}/move/",
        "/teams/",
        "/teams/{team}/leaders/new/",
        "/positions/",
        "/shifts/",
        "/users/",
        "/users/{user}/",
        "/me/settings/",
    ],
    "manager.lim": ["/", "/boards/", "/cycles/2026-10/publish/"],
    "supervisor.okafor": [
        "/",
        "/teams/phone-a/board/?cycle=2026-10",
        "/scorecards/?cycle=2026-10",
        "/teams/phone-a/board/{agent}/?cycle=2026-10",
        "/scorecards/{agent}/2026-10/",
        "/scorecards/{agent}/2026-10/handle_time/",
    ],
    "agent.chen": ["/", "/scorecards/{agent}/2026-09/", "/scorecards/{agent}/2026-10/"],
    "agent.peng": ["/", "/scorecards/{specialist}/2026-Q3/"],
    "admin.petrova": ["/"],
    "qa.mori": ["/"],
    "": ["/accounts/login/", "/accounts/password/reset/"],
}


@pytest.fixture
def ids(demo_site):
    def first(found):
        return found.order_by("pk").values_list("pk", flat=True)[0]

    return {
        "batch": first(ImportBatch.objects.filter(rejected__gt=0)),
        "job": first(Job.objects.all()),
        "agent": first(Agent.objects.filter(name="Chen Jie")),
        "specialist": User.objects.get(username="agent.peng").agent_id,
        "team": first(Team.objects.filter(code="phone-a")),
        "user": first(User.objects.filter(username="agent.chen")),
    }


@pytest.mark.parametrize("who", PAGES)
@pytest.mark.parametrize(("language", "theme"), [("en", "light"), ("zh-hans", "dark")])
def test_pages_are_without_fault(browser, demo_site, ids, language, theme, who):
    session = demo_site.sessions[who]
    look = {"session": session, "language": language, "color_scheme": theme}
    with tab_of(browser, demo_site.url, **look) as tab:
        for address in PAGES[who]:
            tab.open(address.format(**ids))
            tab.check_access()
            tab.look_at_both_widths()
