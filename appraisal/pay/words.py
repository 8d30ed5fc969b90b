"""Every line of a pay plan and of a statement in words, in both languages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from appraisal.pay.figures import COUNTED, Condition, Figure
from appraisal.pay.phrases import say
from appraisal.pay.plan import Line, Plan
from appraisal.pay.rules import Award, Days, Flat, Occurrences, Overrun, Pieces, Table
from appraisal.pay.rules.base import field_of
from appraisal.pay.rules.pieces import ShiftLimit
from appraisal.scoring.wording import grouped, threshold_text
from appraisal.scoring.wording import number_text as value_text
from kpi.formula.fields import FACTS

Label = Callable[[str, str], str]
"""The name of a grade, a position, a team or a shift from its kind and its code."""


@dataclass(frozen=True)
class Entry:
    """A line of a statement as it is stored."""

    state: str
    quantity: Decimal | None
    amount: Decimal | None
    parts: Sequence[str]
    full: str = ""


def money_text(amount: Decimal) -> str:
    """An amount with two places; a rate keeps more where it has them."""
    places = max(2, -int(amount.normalize().as_tuple().exponent))
    return grouped(amount, places, keep_zeros=True)


def number_text(value: Decimal) -> str:
    """A quantity with at most four places."""
    return grouped(value, 4, keep_zeros=False)


@dataclass(frozen=True)
class Speaker:
    """Says the lines of one plan in one language.

    ``has_stars`` says whether the scheme of the person gives stars at all.
    """

    plan: Plan
    language: str
    label: Label
    has_stars: bool = True

    def rule(self, line: Line) -> list[str]:
        """What a line does, as the plan has it; a figure not set is said to be open."""
        words = _RULES[line.rule.kind](self, line, line.rule)
        if line.limit is not None and self.plan.limit_of(line) is not None:
            words.append(self._say("limit.rule", limit=self._money(line.limit)))
        return words

    def entry(self, line: Line, entry: Entry) -> list[str]:
        """How a line of a statement came to its amount, or why it has none."""
        if entry.state != COUNTED:
            words = [self._say(self._state_key(line, entry))]
            return words + (self._measured(line, entry) if entry.parts else [])
        words = _ENTRIES[line.rule.kind](self, line, line.rule, entry)
        if entry.full:
            limit = money_text(abs(entry.amount or Decimal(0)))
            full = money_text(abs(Decimal(entry.full)))
            words.append(self._say("limit.bites", limit=limit, full=full))
        return words

    def _state_key(self, line: Line, entry: Entry) -> str:
        """Choose why a line has no amount; of a grade or stars, that there are none."""
        held = line.rule.by if isinstance(line.rule, Table) else ""
        if entry.state != "no_data" or held not in {"grade", "stars"}:
            return f"state.{entry.state}"
        is_starless = held == "stars" and not self.has_stars
        return "state.no_stars_at_all" if is_starless else f"state.no_{held}"

    def _say(self, key: str, **fields: str) -> str:
        return say(key, self.language, **fields)

    def _money(self, figure: Figure) -> str:
        return self._written(figure, money_text)

    def _written(self, figure: Figure, write: Callable[[Decimal], str]) -> str:
        if isinstance(figure, str):
            value = self.plan.parameter(figure).value
            return self._say("open") if value is None else write(value)
        return write(figure)

    def _threshold(self, condition: Condition) -> str:
        return self._written(
            condition.threshold, lambda value: threshold_text(value, condition.unit, self.language)
        )

    def _named(self, condition: Condition) -> str:
        name = condition.name.in_language(self.language)
        return self._say(f"when.{condition.side}", name=name, threshold=self._threshold(condition))

    def _all(self, conditions: Sequence[Condition], word: str) -> str:
        return self._say(word).join(self._named(one) for one in conditions)

    def _noun(self, line: Line, count: Decimal | None = None) -> str:
        """What a line counts; English writes "call|calls", and the first stands for one."""
        one, _bar, many = line.noun.in_language(self.language).partition("|")
        return one if count == 1 else many or one

    def _noun_after(self, line: Line, shown: str) -> str:
        """What a line counts, after a figure as it is shown."""
        return self._noun(line, Decimal(1) if shown == "1" else None)

    def _unit_after(self, unit: str, shown: str) -> str:
        return self._say("unit.days" if unit == "day" and shown != "1" else f"unit.{unit}")

    def _capital(self, text: str) -> str:
        return self._say("sentence", text=text[:1].upper() + text[1:])

    def _held(self, conditions: Sequence[Condition], parts: Sequence[str], kind: str) -> str:
        """Each figure beside what it is held against, as a sentence."""
        told = self._say("and.figures").join(
            self._say(
                "held",
                name=one.name.in_language(self.language),
                value=self._measured_text(Decimal(part), one) if part else self._say("unknown"),
                against=self._say(f"{kind}.{one.side}", threshold=self._threshold(one)),
            )
            for one, part in zip(conditions, parts, strict=True)
        )
        return self._capital(told)

    def _measured_text(self, value: Decimal, held: Condition) -> str:
        """A measured figure as people read it; in full where rounding would hide the side."""
        full = threshold_text(value, held.unit, self.language)
        shown = value_text(value, held.unit, self.language)
        against = self._written(
            held.threshold, lambda one: value_text(one, held.unit, self.language)
        )
        return full if shown == against or len(full) < len(shown) else shown

    def _measured(self, line: Line, entry: Entry) -> list[str]:
        if isinstance(line.rule, Flat | Award) and any(entry.parts):
            kind = "lost" if isinstance(line.rule, Award) else "against"
            return [self._held(line.rule.conditions, entry.parts, kind)]
        return []

    # What the rules say.

    def rule_pieces(self, line: Line, rule: Pieces) -> list[str]:
        """So much for each piece."""
        one, words, start = self._noun(line, Decimal(1)), [], None
        for tier in rule.tiers:
            rate = self._money(tier.rate)
            if tier.up_to is None and start is None:
                words.append(self._say("pieces.each", noun=one, rate=rate))
            elif tier.up_to is None:
                noun = self._noun_after(line, start or "")
                words.append(self._say("pieces.beyond", start=start or "", noun=noun, rate=rate))
            else:
                start = self._written(tier.up_to, number_text)
                noun = self._noun_after(line, start)
                words.append(self._say("pieces.to", end=start, noun=noun, rate=rate))
        if rule.free is not None:
            free = self._written(rule.free, number_text)
            noun = self._noun_after(line, free)
            words.append(self._say("pieces.free", free=free, noun=noun))
        return words

    def rule_occurrences(self, line: Line, rule: Occurrences) -> list[str]:
        """Each by its own size."""
        unit = unit_of(rule.field)
        words = []
        for at, step in enumerate(rule.steps):
            low = self._written(step.at, lambda value: threshold_text(value, unit, self.language))
            ends = rule.steps[at + 1 :]
            high = ""
            if ends:
                high = self._written(
                    ends[0].at, lambda value: threshold_text(value, unit, self.language)
                )
            key = "steps.first" if ends and at == 0 else "steps.only" if at == 0 else "steps.from"
            sign = self._say(f"unit.{unit}")
            words.append(self._say(key, low=low, high=high, unit=sign, rate=self._money(step.rate)))
        return words

    def rule_overrun(self, line: Line, rule: Overrun) -> list[str]:
        """The limits of the shifts and the rate beyond."""
        limits = self._say("and.figures").join(self._limit(line, one) for one in rule.limits)
        rate = self._money(rule.rate)
        one = self._noun(line, Decimal(1))
        return [self._say("overrun", limits=limits, noun=one, rate=rate)]

    def _limit(self, line: Line, limit: ShiftLimit) -> str:
        allowed = self._written(limit.at, number_text)
        return self._say(
            "limit.times" if limit.times else "limit.shift",
            times=str(limit.times),
            shifts=self._say("or").join(self.label("shift", code) for code in limit.shifts),
            at=allowed,
            noun=self._noun_after(line, allowed),
        )

    def rule_days(self, line: Line, rule: Days) -> list[str]:
        """So much a day."""
        amount = self._money(rule.amount)
        return [self._say("days", when=self._named(rule.condition), amount=amount)]

    def rule_flat(self, line: Line, rule: Flat) -> list[str]:
        """One amount where all holds."""
        when = self._all(rule.conditions, "and")
        if line.group == "notice":
            return [self._say("notice", when=when)]
        return [self._say("flat", when=when, amount=self._money(rule.amount))]

    def rule_award(self, line: Line, rule: Award) -> list[str]:
        """One amount, lost where one holds."""
        when = self._all(rule.conditions, "or")
        return [self._say("award", amount=self._money(rule.amount), when=when)]

    def rule_table(self, line: Line, rule: Table) -> list[str]:
        """Name by name."""
        rows = [
            self._say("table.row", name=self.label(rule.by, name), amount=self._money(amount))
            for name, amount in rule.rows
        ]
        return [self._say("sentence", text=self._say("comma").join(rows))]

    # What the lines of a statement say.

    def entry_pieces(self, line: Line, rule: Pieces, entry: Entry) -> list[str]:
        """Quantity times rate, tier by tier."""
        quantity = number_text((entry.quantity or Decimal(0)) / rule.per)
        noun = self._noun(line, (entry.quantity or Decimal(0)) / rule.per)
        priced = [
            f"{number_text(Decimal(part) / rule.per)} × {self._money(tier.rate)}"
            for tier, part in zip(rule.tiers, entry.parts, strict=True)
            if part and Decimal(part)
        ]
        return [self._sum(quantity, noun, priced, entry)]

    def entry_occurrences(self, line: Line, rule: Occurrences, entry: Entry) -> list[str]:
        """What the occurrences of each step add up to, times its rate."""
        unit, priced = unit_of(rule.field), []
        for at, step in enumerate(rule.steps):
            count, added = (Decimal(one or 0) for one in entry.parts[2 * at : 2 * at + 2])
            if count:
                shown = number_text(added / rule.per)
                sign = self._unit_after(unit, shown)
                priced.append(f"{shown}{sign} × {self._money(step.rate)}")
        quantity = number_text(entry.quantity or Decimal(0))
        words = [self._sum(quantity, self._noun(line, entry.quantity), priced, entry)]
        is_long = len(rule.steps) > 1 and bool(Decimal(entry.parts[-1] or 0))
        return words + (self.rule_occurrences(line, rule)[-1:] if is_long else [])

    def entry_overrun(self, line: Line, rule: Overrun, entry: Entry) -> list[str]:
        """How often, and how much in all."""
        if not entry.quantity:
            return [self._say("overrun.none")]
        beyond = number_text(Decimal(entry.parts[0]) / rule.per)
        return [
            self._say(
                "overrun.sum",
                count=number_text(entry.quantity),
                beyond=beyond,
                noun=self._noun_after(line, beyond),
                rate=self._money(rule.rate),
                amount=_full_text(entry),
            )
        ]

    def entry_days(self, line: Line, rule: Days, entry: Entry) -> list[str]:
        """How many of the days measured."""
        return [
            self._say(
                "days.sum" if entry.quantity else "days.none",
                count=number_text(entry.quantity or Decimal(0)),
                days=number_text(Decimal(entry.parts[0] or 0)),
                when=self._named(rule.condition),
                rate=self._money(rule.amount),
                amount=_full_text(entry),
            )
        ]

    def entry_flat(self, line: Line, rule: Flat, entry: Entry) -> list[str]:
        """The figures, and whether they make the amount."""
        held = self._held(rule.conditions, entry.parts, "against")
        kind = "notice" if line.group == "notice" else "flat"
        key = f"{kind}.met" if entry.quantity else f"{kind}.unmet"
        return [held, self._say(key, amount=_full_text(entry))]

    def entry_award(self, line: Line, rule: Award, entry: Entry) -> list[str]:
        """The figures, and whether the award stays."""
        held = self._held(rule.conditions, entry.parts, "lost")
        key = "award.kept" if entry.quantity else "award.lost"
        amount = self._money(rule.amount)
        return [held, self._say(key, amount=amount)]

    def entry_table(self, line: Line, rule: Table, entry: Entry) -> list[str]:
        """The person's own row."""
        name = self.label(rule.by, entry.parts[0])
        row = self._say("table.row", name=name, amount=_full_text(entry))
        return [self._say("sentence", text=row)]

    def _sum(self, quantity: str, noun: str, priced: Sequence[str], entry: Entry) -> str:
        if not priced:
            key = "pieces.unpaid" if entry.quantity else "pieces.none"
            return self._say(key, quantity=quantity, noun=noun)
        return self._say(
            "pieces.sum",
            quantity=quantity,
            noun=noun,
            sum=" + ".join(priced),
            amount=_full_text(entry),
        )


def _full_text(entry: Entry) -> str:
    return money_text(abs(Decimal(entry.full) if entry.full else entry.amount or Decimal(0)))


def unit_of(field: str) -> str:
    """The unit of a field of a fact; ``count`` where it has none."""
    fact, name = field_of(field)
    return FACTS[fact].fields[name].unit or "count"


_KINDS = (Pieces, Occurrences, Overrun, Days, Flat, Award, Table)
_RULES: dict[str, Any] = {one.kind: getattr(Speaker, f"rule_{one.kind}") for one in _KINDS}
_ENTRIES: dict[str, Any] = {one.kind: getattr(Speaker, f"entry_{one.kind}") for one in _KINDS}
