#!/usr/bin/env python
"""Command line of the project; the settings come from DJANGO_SETTINGS_MODULE."""

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    """Run one command, with the development settings unless others are named."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "appraisal.settings.dev")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
