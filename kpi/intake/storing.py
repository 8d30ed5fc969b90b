"""Sorted rows into the database: people found, facts stored, every other row remembered."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import polars as pl

from kpi.intake import people, reasons
from kpi.intake.checks import MAIN_ROW, SortedRows, reasons_for
from kpi.intake.customers import replace_customers
from kpi.intake.fields import ITEM_PREFIX
from kpi.intake.linking import fill_agents
from kpi.intake.mapping.model import FileMapping
from kpi.intake.people import Created
from kpi.intake.promotion import Promoted, Stamp, promote_rows
from kpi.intake.reading.table import LINE, PROBLEM_SCHEMA, Table
from kpi.intake.replacing import keep_places
from kpi.models import FACT_MODELS

PARKED: Final = "parked"


@dataclass(frozen=True, slots=True)
class Tally:
    """Every row of one kind, counted once; ``replaced`` are among the accepted."""

    accepted: int = 0
    rejected: int = 0
    duplicate: int = 0
    left_out: int = 0
    replaced: int = 0

    @property
    def rows(self) -> int:
        """The rows that it accounts for."""
        return self.accepted + self.rejected + self.duplicate + self.left_out

    def as_dict(self) -> dict[str, int]:
        return {
            "accepted": self.accepted,
            "rejected": self.rejected,
            "duplicate": self.duplicate,
            "left_out": self.left_out,
            **({"replaced": self.replaced} if self.replaced else {}),
        }


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a file. ``problems`` and ``also_problems`` are of ``PROBLEM_SCHEMA``.

    ``parked``: ``line`` and ``agent`` of rows whose person is unknown; they are among those
    left out. ``also`` is None where the file holds one kind only.
    """

    main: Tally
    also: Tally | None
    problems: pl.DataFrame
    also_problems: pl.DataFrame
    parked: pl.DataFrame
    left_out_reasons: dict[str, int]
    created: Created
    first_day: date | None
    last_day: date | None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StoreOrder:
    """What is to be stored, and as what."""

    table: Table
    mapping: FileMapping
    main: SortedRows
    second: SortedRows | None
    stamp: Stamp
    customer_key: bytes
    from_kept_rows: bool = False


@dataclass(slots=True)
class _People:
    known: dict[str, int]
    created: Created
    queue_teams: dict[str, int] = field(default_factory=dict)
    new_teams: tuple[str, ...] = ()


def store_rows(order: StoreOrder) -> Outcome:
    """Store the good rows of both kinds, inside the transaction that holds the revision.

    Queries: a fixed number, whatever the number of rows; one more per kind.
    """
    known = _people(order)
    main, parked = _place_unknown(order.main, order.mapping, known)
    second = order.second
    if second is not None:
        second = _reject_unknown(_follow_main(second, main), order.mapping, known)
    done, also_done = _load(main, order.mapping.main.kind, order, known), Promoted()
    if second is not None and order.mapping.also is not None:
        also_done = _load(second, order.mapping.also.kind, order, known)
    days = _days((main, second), (done, also_done))
    return Outcome(
        main=_tally(main, done),
        also=_tally(second, also_done) if second is not None else None,
        problems=main.problems.sort("line"),
        also_problems=second.problems.sort("line") if second else main.problems.clear(),
        parked=parked,
        left_out_reasons=dict(Counter(main.left_out["reason"].to_list())),
        created=known.created,
        first_day=min(days, default=None),
        last_day=max(days, default=None),
        notes=_notes(order, known, done.excluded + also_done.excluded),
    )


def _days(kinds: tuple[SortedRows | None, ...], done: tuple[Promoted, ...]) -> list[date]:
    """The days of the good rows, and those of the rows that they replaced."""
    good = [rows.good["day"] for rows in kinds if rows is not None]
    days: list[date] = pl.concat(good).unique().to_list()
    return [*days, *(day for one in done for day in one.days)]


def _people(order: StoreOrder) -> _People:
    """Everybody the good rows name: found, or added where the mapping says so."""
    seen = _first_days(order)
    known = people.find_agents(list(seen), source=order.stamp.source)
    rule, created = order.mapping.agents, Created()
    if rule.unknown == "create":
        settled = known.keys() | people.shared_names()
        unknown = {name: day for name, day in seen.items() if name not in settled}
        added, created = people.create_agents(unknown, source=order.stamp.source, rule=rule)
        known |= added
        people.extend_back(seen, known=known, rule=rule)
    teams, new_teams = people.queue_teams(order.mapping.queues)
    return _People(known, created, teams, new_teams)


def _first_days(order: StoreOrder) -> dict[str, date]:
    frames = [
        rows.good.select("agent", "day")
        for rows in (order.main, order.second)
        if rows is not None and "agent" in rows.good.columns
    ]
    if not frames:
        return {}
    named = pl.concat(frames).drop_nulls().group_by("agent").agg(pl.col("day").min())
    return dict(named.iter_rows())


def _place_unknown(
    rows: SortedRows, mapping: FileMapping, known: _People
) -> tuple[SortedRows, pl.DataFrame]:
    """Take rows of unknown people out: rejected, or parked among those left out.

    Where people are created, somebody is unknown only by a name that two people share.
    """
    strangers = _strangers(rows, known)
    if strangers.is_empty() or mapping.agents.unknown == "reject":
        return _reject_unknown(rows, mapping, known), strangers.clear()
    good = rows.good.filter(~pl.col(LINE).is_in(strangers["line"].implode()))
    left_out = pl.concat([rows.left_out, reasons_for(strangers["line"], PARKED)])
    return _changed(rows, good, rows.problems, left_out), strangers


def _reject_unknown(rows: SortedRows, mapping: FileMapping, known: _People) -> SortedRows:
    strangers = _strangers(rows, known)
    if strangers.is_empty():
        return rows
    good = rows.good.filter(~pl.col(LINE).is_in(strangers["line"].implode()))
    wrong = _unknown_problems(strangers, mapping)
    return _changed(rows, good, pl.concat([rows.problems, wrong]), rows.left_out)


def _strangers(rows: SortedRows, known: _People) -> pl.DataFrame:
    """``line`` and ``agent`` of the good rows that name somebody unknown."""
    if "agent" not in rows.good.columns:
        return pl.DataFrame(schema={"line": pl.UInt32, "agent": pl.String})
    agent = pl.col("agent")
    named = rows.good.select(pl.col(LINE).alias("line"), agent)
    return named.filter(agent.is_not_null() & ~agent.is_in(list(known.known)))


def _unknown_problems(strangers: pl.DataFrame, mapping: FileMapping) -> pl.DataFrame:
    columns = mapping.main.fields["agent"].columns if "agent" in mapping.main.fields else ()
    return strangers.select(
        "line",
        pl.lit(" + ".join(columns)).alias("column"),
        pl.lit("unknown_agent").alias("code"),
        pl.col("agent").alias("value"),
    ).cast(PROBLEM_SCHEMA)


def _changed(
    rows: SortedRows, good: pl.DataFrame, problems: pl.DataFrame, left_out: pl.DataFrame
) -> SortedRows:
    return SortedRows(rows.rows, good, problems, left_out, rows.duplicate, rows.notes)


def _follow_main(second: SortedRows, main: SortedRows) -> SortedRows:
    """A second kind's row goes where its main row went: rejected, or left out."""
    lines = pl.col(LINE)
    bad = second.good.filter(lines.is_in(main.problems["line"].unique().implode()))
    parked = main.left_out.filter(pl.col("reason") == PARKED)["line"]
    out = second.good.filter(lines.is_in(parked.implode()))
    if bad.is_empty() and out.is_empty():
        return second
    aside = pl.concat([bad[LINE], out[LINE]])
    problems = bad.select(
        lines.alias("line"),
        pl.lit("").alias("column"),
        pl.lit(MAIN_ROW).alias("code"),
        pl.lit("").alias("value"),
    ).cast(PROBLEM_SCHEMA)
    return _changed(
        second,
        second.good.filter(~lines.is_in(aside.implode())),
        pl.concat([second.problems, problems]),
        pl.concat([second.left_out, reasons_for(out[LINE], PARKED)]),
    )


def _load(rows: SortedRows, kind: str, order: StoreOrder, known: _People) -> Promoted:
    if rows.good.is_empty():
        return Promoted()
    model, source = FACT_MODELS[kind], order.stamp.source
    frame = fill_agents(_database_frame(rows.good, order, known), source=source)
    if order.stamp.corrects:
        names_agents = "agent" in rows.good.columns
        frame = keep_places(frame, model, source=source, names_agents=names_agents)
    return promote_rows(model, frame, order.stamp)


def _tally(rows: SortedRows, done: Promoted) -> Tally:
    return Tally(
        done.stored,
        rows.rejected,
        rows.duplicate + rows.good.height - done.stored,
        rows.left_out.height,
        done.replaced,
    )


def _database_frame(good: pl.DataFrame, order: StoreOrder, known: _People) -> pl.DataFrame:
    """Columns as the database names them: ids for people and teams, digests for customers."""
    frame = good.drop("date", strict=False).rename({LINE: "line"})
    if "agent" in frame.columns:
        ids = pl.col("agent").replace_strict(known.known, default=None, return_dtype=pl.Int64)
        frame = frame.with_columns(ids.alias("agent_id")).drop("agent")
    else:
        frame = frame.with_columns(pl.lit(None, pl.Int64).alias("agent_id"))
    team = pl.lit(None, pl.Int64)
    if "queue" in frame.columns and known.queue_teams:
        of_queue = pl.col("queue").replace_strict(
            known.queue_teams, default=None, return_dtype=pl.Int64
        )
        team = pl.when(pl.col("agent_id").is_null()).then(of_queue)
    frame = frame.with_columns(team.alias("queue_team_id"))
    frame = _with_items(frame)
    return replace_customers(frame, order.customer_key, tokens=order.from_kept_rows)


def _with_items(frame: pl.DataFrame) -> pl.DataFrame:
    """The criteria of reviews as one column of JSON: code to points, empty ones left out."""
    names = [name for name in frame.columns if name.startswith(ITEM_PREFIX)]
    if not names:
        return frame
    pairs = [
        pl.lit(json.dumps(name.removeprefix(ITEM_PREFIX), ensure_ascii=False) + ": ")
        + _shortest(pl.col(name))
        for name in names
    ]
    listed = pl.concat_str(pairs, separator=", ", ignore_nulls=True)
    items = pl.concat_str(pl.lit("{"), listed, pl.lit("}"))
    return frame.with_columns(items.alias("items")).drop(names)


def _shortest(number: pl.Expr) -> pl.Expr:
    """A decimal as text without the zeros at its end."""
    return number.cast(pl.String).str.strip_chars_end("0").str.strip_chars_end(".")


def _notes(order: StoreOrder, known: _People, excluded: int) -> tuple[str, ...]:
    created = known.created
    notes = [reasons.note(code, count=count) for code, count in sorted(order.main.notes.items())]
    if order.table.hidden_sheets:
        notes.append(reasons.note("hidden_sheets", names=", ".join(order.table.hidden_sheets)))
    if excluded:
        notes.append(reasons.note("stay_excluded", count=excluded))
    if created.agents:
        notes.append(reasons.note("created_agents", count=created.agents))
    teams = (*created.teams, *known.new_teams)
    notes += [reasons.note("created_team", code=code) for code in teams]
    notes += [reasons.note("created_position", code=code) for code in created.positions]
    return tuple(notes)
