"""The address of a page, and the addresses of the same page asked for otherwise."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import QueryDict


@dataclass(frozen=True)
class Asked:
    """The address that was asked for, from which the others are made."""

    path: str
    query: QueryDict

    def get(self, name: str) -> str:
        """One parameter, empty without it."""
        return self.query.get(name, "")

    def but(self, **changed: str) -> str:
        """The same address with parameters changed, or taken out where they are empty."""
        query = self.query.copy()
        for name, value in changed.items():
            query[name] = value
            if not value:
                del query[name]
        return f"{self.path}?{query.urlencode()}" if query else self.path
