"""A stored card in parts, read: codes of its lines, exact weights, the scheme that explains it."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Final, Protocol

from appraisal.scoring.changes import weights_by_state
from appraisal.scoring.lifts import Values, limit_of
from appraisal.scoring.reading import Text
from appraisal.scoring.rules.base import Rule
from appraisal.scoring.rules.events import Veto
from appraisal.scoring.scheme import Item, Scheme

_KEY: Final = re.compile(r"(.+)--(\d+)")


def line_key(item: str, position_id: int | None) -> str:
    """Give the code under which a line is stored: in a further position ``calls--7``."""
    return item if position_id is None else f"{item}--{position_id}"


def split_key(key: str) -> tuple[str, int | None]:
    """Give the item of a line's code and the further position it belongs to, if any."""
    found = _KEY.fullmatch(key)
    return (found[1], int(found[2])) if found else (key, None)


def grade_in(main: Scheme, scheme: Scheme, at: int) -> int:
    """Give the grade of the deciding scheme that a limit of another scheme stands for.

    That of the same code, else the one that its first total would get there. The best grade
    limits nothing.

    Args:
        at: index of the grade in ``scheme``; so is what is given, in ``main``.
    """
    if at == 0:
        return 0
    grade = scheme.grades[at]
    codes = [one.code for one in main.grades]
    return codes.index(grade.code) if grade.code in codes else main.grade_at(grade.at)


class PartLine(Protocol):
    """What is read of a line here."""

    @property
    def item(self) -> str:
        """Its code, as stored."""

    @property
    def state(self) -> str:
        """How it stands."""

    @property
    def points(self) -> Decimal | None:
        """Its points; none where it gives none."""


@dataclass(frozen=True, slots=True)
class Part:
    """One position of a card in parts: the scheme that scored it, and its days.

    Attributes:
        position_id: of a further position; None for the one that decides.
        name: of the position.
    """

    scheme: Scheme
    days: int
    position_id: int | None
    name: Text

    def holds(self, line: PartLine) -> bool:
        """Say whether a line belongs to this part."""
        return split_key(line.item)[1] == self.position_id

    def item_of(self, line: PartLine) -> Item:
        """Give the item of one of its lines, as its scheme writes it."""
        return self.scheme.item(split_key(line.item)[0])

    def gives_points(self, lines: Iterable[PartLine]) -> bool:
        """Say whether any line of this part gives points, so that its days count."""
        weighty = {item.code for item in self.scheme.items if item.weight > 0}
        return any(
            self.holds(line) and line.points is not None and split_key(line.item)[0] in weighty
            for line in lines
        )


def exact_weights(parts: Sequence[Part], lines: Sequence[PartLine]) -> dict[str, Fraction]:
    """Give the effective weights of a card in parts, exactly, by the code of the line."""
    live = [part for part in parts if part.gives_points(lines)] or list(parts)
    whole = sum(part.days for part in live)
    found: dict[str, Fraction] = {}
    for part in parts:
        states = {split_key(line.item)[0]: line.state for line in lines if part.holds(line)}
        share = Fraction(part.days, whole) if part in live else Fraction(0)
        for item, weight in weights_by_state(part.scheme, states).items():
            found[line_key(item, part.position_id)] = weight * share
    return found


def grade_of(parts: Sequence[Part], total: Decimal, values: Values) -> int:
    """Give the grade of a total in the deciding scheme, with the limits of all parts.

    Args:
        parts: the deciding one first.
        values: the scored values by the code of the line.
    """
    main = parts[0].scheme
    by_part: defaultdict[int | None, dict[str, Decimal]] = defaultdict(dict)
    for key, value in values.items():
        item, position_id = split_key(key)
        by_part[position_id][item] = value
    limits = [
        grade_in(main, part.scheme, limit_of(part.scheme, by_part[part.position_id]))
        for part in parts
    ]
    return max(main.grade_at(total), *limits)


def scheme_of_parts(parts: Sequence[Part]) -> Scheme:
    """Give the scheme that explains all lines of a card: the deciding one, with all items.

    The items of further positions have the codes of their lines and name the position; all keep
    the weight that their own scheme writes. Limits by levels are left out: :func:`grade_of` knows
    them.

    Args:
        parts: the deciding one first.
    """
    main = parts[0].scheme
    groups = [
        replace(one, code=line_key(one.code, part.position_id), name=_named(one.name, part))
        for part in parts
        for one in part.scheme.groups
    ]
    items = [
        replace(
            one,
            code=line_key(one.code, part.position_id),
            group=line_key(one.group, part.position_id),
            name=_named(one.name, part),
            rule=_rule(one.rule, part.scheme, main),
        )
        for part in parts
        for one in part.scheme.items
    ]
    return replace(main, groups=tuple(groups), items=tuple(items), grade_caps=())


def _named(name: Text, part: Part) -> Text:
    return name if part.position_id is None else name_in(name, part.name)


def name_in(name: Text, position: Text) -> Text:
    """Give the name of an item of a further position, which it names."""
    return Text(f"{name.en} ({position.en})", f"{name.zh}（{position.zh}）")


def _rule(rule: Rule, scheme: Scheme, main: Scheme) -> Rule:
    """The rule with the grade that a veto leaves in the deciding scheme."""
    if not isinstance(rule, Veto):
        return rule
    return replace(
        rule, grade=main.grades[grade_in(main, scheme, scheme.grade_index(rule.grade))].code
    )
