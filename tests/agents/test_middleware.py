"""Headers on every answer."""

from django.http import HttpResponse

from agents.middleware import NoStore


def test_page_is_kept_by_nobody(rf):
    answer = NoStore(lambda request: HttpResponse("a score"))(rf.get("/"))

    assert answer["Cache-Control"] == "no-store"


def test_view_that_says_otherwise_is_left_alone(rf):
    public = HttpResponse("a picture", headers={"Cache-Control": "max-age=60"})

    answer = NoStore(lambda request: public)(rf.get("/"))

    assert answer["Cache-Control"] == "max-age=60"
