"""What of a log record is written down."""

from __future__ import annotations

import logging


class NoTraceOfRefusals(logging.Filter):
    """Leave the traceback out where a request was refused: it was answered as it should be.

    Django logs a traceback with every 400, whoever sent the address.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep every record; those of an answer below 500 in one line."""
        if getattr(record, "status_code", 500) < 500:
            record.exc_info = record.exc_text = None
        return True
