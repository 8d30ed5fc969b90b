"""The facts of one month, kind by kind: pure, from rosters and traits to data frames.

Every frame has ``person`` (the place in the cast, missing where nobody took it), ``team``,
``position`` and ``shift`` by code, ``day``, ``external_id`` and the fields of its kind. Moments
are local, without a zone.
"""
