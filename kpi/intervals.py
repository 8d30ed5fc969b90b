"""How far a share measured on a few cases may be from what many cases would show.

For showing beside a rate only: nothing is scored or ranked by an interval.
"""

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, localcontext
from typing import Final, NamedTuple

# The quantile of the normal distribution that 95% of the cases lie within.
Z: Final = Decimal("1.96")
_PLACES: Final = Decimal("0.0001")


class Interval(NamedTuple):
    """Both ends of a share, 0 to 1, rounded outwards to 0.01%."""

    low: Decimal
    high: Decimal


def wilson(successes: int, cases: int) -> Interval | None:
    """Give the Wilson score interval of a share at 95%.

    Two of two are no proof of always: the interval reaches down to 34%, that of ten of twelve
    down to 55% only.

    Returns:
        None where there is no case.
    Raises:
        ValueError: fewer than no success, or more successes than cases.
    Source: E. B. Wilson, "Probable inference", JASA 22 (1927), formula for the score interval.
    """
    if not 0 <= successes <= cases:
        raise ValueError(f"{successes} of {cases} is no share.")
    if not cases:
        return None
    with localcontext(prec=40):
        square = Z * Z
        middle = 2 * successes + square
        spread = Z * (square + Decimal(4 * successes * (cases - successes)) / cases).sqrt()
        below = 2 * (cases + square)
        low, high = (middle - spread) / below, (middle + spread) / below
        return Interval(
            max(low, Decimal(0)).quantize(_PLACES, ROUND_FLOOR),
            min(high, Decimal(1)).quantize(_PLACES, ROUND_CEILING),
        )
