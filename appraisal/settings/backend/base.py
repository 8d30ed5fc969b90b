"""The database wrapper that Django loads for ``ENGINE = "appraisal.settings.backend"``."""

from typing import Any

import psycopg2
from django.conf import settings
from django.db.backends.postgresql import base

from appraisal.settings import embedded


class DatabaseWrapper(base.DatabaseWrapper):
    """Connects to the embedded server; commands that never connect never start it."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Connect; where that fails, make sure that the server runs and try once more."""
        try:
            return super().get_new_connection(conn_params)
        except psycopg2.OperationalError:
            self._start_server()
            return super().get_new_connection(conn_params)

    def _start_server(self) -> None:
        """Start it; a failure counts as one to connect, as for any other server."""
        durable = self.settings_dict.get("DURABLE", True)
        try:
            embedded.ensure_running(settings.APPRAISAL_VAR, durable=durable)
        except embedded.EmbeddedServerError as error:
            raise psycopg2.OperationalError(str(error)) from error
