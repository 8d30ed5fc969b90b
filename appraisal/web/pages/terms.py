"""What a scheme says beside its items, in sentences."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from appraisal.scoring.scheme import Scheme
from appraisal.scoring.terms import Guideline
from appraisal.scoring.wording import points_text, threshold_text
from appraisal.selectors.card import Card
from appraisal.selectors.guidelines import Guided
from appraisal.web.pages.grades import grade_name, language


def term_words(scheme: Scheme) -> list[str]:
    """Stars, months, the guideline and transfers; nothing for what is left at its default."""
    told = [_stars(scheme), _months(scheme)]
    if scheme.guideline is not None:
        told += guideline_words(scheme, scheme.guideline)
    if scheme.transfers == "by_days":
        told.append(
            _(
                "Who changes position in the period is appraised in each: by its own scheme, on its"
                " days, and weighted by them. Grade, stars and rank are those of this scheme where"
                " the position was held most days; a limit to the grade in one part holds for all."
            )
        )
    return [sentence for sentence in told if sentence]


def _stars(scheme: Scheme) -> str:
    if not scheme.stars:
        return ""
    steps = [
        ngettext("%(count)s star from %(points)s", "%(count)s stars from %(points)s", step.stars)
        % {"count": step.stars, "points": points_text(step.at)}
        for step in scheme.stars
    ]
    return _("Stars by the total: %(steps)s.") % {"steps": _(", ").join(steps)}


def _months(scheme: Scheme) -> str:
    if scheme.roll_up != "months":
        return ""
    if not scheme.month_weights:
        return _("A quarter or a year is the mean of its months’ totals.")
    weights = _(", ").join(points_text(weight) for weight in scheme.month_weights)
    return _("A quarter or a year is made of its months’ totals, weighted %(weights)s.") % {
        "weights": weights
    }


def guideline_words(scheme: Scheme, guideline: Guideline) -> list[str]:
    """What a guideline asks for, and whether it is enforced."""
    words = {
        "share": threshold_text(guideline.at_most, "share", language()),
        "grade": grade_name(scheme, guideline.grade),
        "people": guideline.minimum_people,
    }
    told = ngettext(
        "At most %(share)s of the people should have %(grade)s or better, from %(people)s person"
        " on; equal totals stay together.",
        "At most %(share)s of the people should have %(grade)s or better, from %(people)s people"
        " on; equal totals stay together.",
        guideline.minimum_people,
    )
    if guideline.mode == "enforced":
        told = ngettext(
            "At most %(share)s of the people get %(grade)s or better, from %(people)s person on;"
            " equal totals stay together. Who is beyond gets the next grade.",
            "At most %(share)s of the people get %(grade)s or better, from %(people)s people on;"
            " equal totals stay together. Who is beyond gets the next grade.",
            guideline.minimum_people,
        )
    return [told % words]


def beyond_guideline(card: Card) -> str:
    """That the guideline took a grade, where it did."""
    guideline = card.scheme.guideline
    if guideline is None or not card.scorecard.by_guideline:
        return ""
    return _(
        "The total would give %(better)s, but at most %(share)s of the people get it, and enough"
        " totals are better; so the grade is %(grade)s."
    ) % {
        "better": grade_name(card.scheme, guideline.grade),
        "share": threshold_text(guideline.at_most, "share", language()),
        "grade": grade_name(card.scheme, card.scorecard.grade),
    }


def scaled_text(scheme: Scheme) -> str:
    """That the weights are scaled to 100, where they do not add up to it."""
    if not scheme.is_normalised:
        return ""
    return _("The weights add up to %(sum)s and are scaled to 100.") % {
        "sum": points_text(scheme.weight_sum)
    }


def guided_words(guided: Guided) -> str:
    """What a guideline says of a run: how many have the grade, and how many may."""
    advice, guideline = guided.advice, guided.guideline
    words = {
        "scheme": guided.scheme.name.in_language(language()),
        "grade": grade_name(guided.scheme, guideline.grade),
        "share": threshold_text(guideline.at_most, "share", language()),
        "holders": advice.holders,
        "people": advice.people,
        "allowed": advice.allowed,
        "keepers": advice.keepers,
        "minimum": guideline.minimum_people,
    }
    if not advice.applies:
        told = _("%(scheme)s: %(people)s ranked; the guideline applies from %(minimum)s on.")
    elif advice.is_kept:
        told = _("%(scheme)s: %(holders)s of %(people)s have %(grade)s; up to %(share)s may.")
    elif guideline.mode == "enforced":
        told = ngettext(
            "%(scheme)s: %(holders)s of %(people)s reached %(grade)s; %(keepers)s keeps it"
            " (%(share)s are %(allowed)s, ties together), the others have the next grade.",
            "%(scheme)s: %(holders)s of %(people)s reached %(grade)s; %(keepers)s keep it"
            " (%(share)s are %(allowed)s, ties together), the others have the next grade.",
            advice.keepers,
        )
    else:
        told = _(
            "%(scheme)s: %(holders)s of %(people)s have %(grade)s; by the guideline %(keepers)s"
            " would (%(share)s are %(allowed)s, ties together). Nothing is changed."
        )
    return told % words
