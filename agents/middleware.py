"""What every answer to a signed-in person carries."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase


class NoStore:
    """Forbid browsers and proxies to keep pages that may show personal data.

    A view that set its own ``Cache-Control`` keeps it. Static files never come this far:
    WhiteNoise answers them before.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            response.headers["Cache-Control"] = "no-store"
        return response
