"""Targets of a cycle: read, set in a table, given out and taken in as a file."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agents.access import allows, people_visible_to, requires
from agents.clock import local_today
from agents.http import AuthenticatedRequest
from agents.models import Agent, Position, Team
from agents.roster.reading import MOST_BYTES, Unreadable, read_lines
from appraisal.models import Cycle, SchemeVersion, Target
from appraisal.services import roster
from appraisal.services import targets as service
from appraisal.services.targets import Place
from appraisal.web.pages import target_file as files
from appraisal.web.pages import target_grid as grids
from appraisal.web.pages.cycle_head import name_of
from kpi.selectors import list_current_versions

REFUSED = 422
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class TargetFileForm(forms.Form):
    """A filled-in file."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        max_length=255,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )


@dataclass(frozen=True)
class _Asked:
    """The scheme whose targets are shown, the others there are, and whom it appraises."""

    cycle: Cycle
    version: SchemeVersion
    versions: list[SchemeVersion]
    cast: grids.Cast
    columns: list[grids.Column]

    @property
    def address(self) -> str:
        """The page of the scheme's targets."""
        page = reverse("appraisal:targets", args=[self.cycle.code])
        return f"{page}?scheme={self.version.scheme.code}"


@requires("target.read")
@require_safe
def targets(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """Show the targets of a scheme in a cycle; HR may change them here."""
    cycle = get_object_or_404(Cycle, code=code)
    asked = _asked(request, cycle)
    if asked is None:
        return render(request, "appraisal/targets.html", {"cycle": cycle, "name": name_of(cycle)})
    return _show(request, asked)


def _asked(request: AuthenticatedRequest, cycle: Cycle) -> _Asked | None:
    """What the address names; None where the reader sees nobody with a scheme.

    Queries: 10, whatever the number of people.
    """
    seen = people_visible_to(request.user, local_today(timezone.now()))
    agents = Agent.objects.in_bulk(seen.values_list("pk", flat=True))
    seats = [seat for seat in roster.seats_in(cycle.period) if seat.agent_id in agents]
    wanted = {seat.scheme_version_id for seat in seats}
    found = SchemeVersion.objects.filter(pk__in=wanted).select_related("scheme")
    versions = sorted(found, key=lambda one: one.scheme_id)  # as their list has them
    if not versions:
        return None
    code = request.GET.get("scheme") or versions[0].scheme.code
    version = next((one for one in versions if one.scheme.code == code), None)
    if version is None:
        raise Http404
    cast = grids.Cast(
        seats=[seat for seat in seats if seat.scheme_version_id == version.pk],
        agents=agents,
        teams=Team.objects.in_bulk(),
        positions=Position.objects.in_bulk(),
    )
    kpis = {one.kpi.code: one for one in list_current_versions()}
    return _Asked(cycle, version, versions, cast, grids.columns_of(version, kpis))


def _held(asked: _Asked) -> dict[Place, Decimal]:
    rows = Target.objects.filter(
        cycle=asked.cycle, scheme=asked.version.scheme_id, valid_until=None
    )
    return {Place(row.item, *service.level_of(row)): row.value for row in rows}


def _grid(
    request: AuthenticatedRequest, asked: _Asked, typed: grids.Typed | None = None
) -> grids.Grid:
    return grids.build(
        asked.columns, asked.cast, _held(asked), own_id=request.user.agent_id, typed=typed
    )


def _show(
    request: AuthenticatedRequest,
    asked: _Asked,
    *,
    typed: grids.Typed | None = None,
    form: TargetFileForm | None = None,
    wrong: list[str] | None = None,
    overtaken: bool = False,
) -> HttpResponse:
    refused = bool(wrong) or bool(typed and typed.problems)
    context: dict[str, Any] = {
        "cycle": asked.cycle,
        "name": name_of(asked.cycle),
        "asked": asked,
        "grid": _grid(request, asked, typed),
        "form": form or TargetFileForm(),
        "wrong": wrong or [],
        "problems": len(typed.problems) if typed and not overtaken else 0,
        "overtaken": len(typed.problems) if typed and overtaken else 0,
        "may_edit": allows(request.user, "target.edit") and not asked.cycle.published_run_id,
        "has_volumes": any(column.is_volume for column in asked.columns),
    }
    return render(request, "appraisal/targets.html", context, status=REFUSED if refused else 200)


@requires("target.edit")
@require_POST
def targets_save(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """Set what was changed in the table; what stood in it when it was drawn is not touched."""
    asked = _asked_or_404(request, code)
    sent = _read_sent(request, asked)
    if not sent.problems:
        try:
            return _done(request, asked, _set(request, asked, sent.wanted, stood=sent.stood))
        except service.Overtaken as error:
            return _show(request, asked, typed=_overtaken(asked, sent, error.held), overtaken=True)
        except service.BadTargets as error:
            sent.problems.update(error.problems)
        except (service.OwnTarget, service.TargetsClosed) as error:
            messages.error(request, str(error))
            return redirect(asked.address)
    return _show(request, asked, typed=grids.Typed(sent.texts, sent.problems))


@dataclass(frozen=True)
class _Sent:
    """The fields of the table that were changed: as typed, as read, and what is wrong with them.

    Attributes:
        stood: what these places held when the table was drawn; None if it was not said.
    """

    texts: dict[str, str]
    wanted: dict[Place, Decimal | None]
    problems: dict[Place, str]
    stood: dict[Place, Decimal | None] | None


def _read_sent(request: AuthenticatedRequest, asked: _Asked) -> _Sent:
    units = {column.item: column.unit for column in asked.columns}
    said = QueryDict(request.POST.get("stood", ""))
    sent = _Sent({}, {}, {}, {} if "stood" in request.POST else None)
    for row in _grid(request, asked).rows:
        for cell in row.cells:
            name, place, unit = cell.name, cell.place, units[cell.place.item]
            if name not in request.POST:
                continue
            before = _stood(said.get(name, ""), unit)
            try:
                value = grids.read(request.POST[name], unit)
            except ValueError as error:
                sent.problems[place] = str(error)
            else:
                if sent.stood is not None and value == before:
                    continue
                sent.wanted[place] = value
            sent.texts[name] = request.POST[name]
            if sent.stood is not None:
                sent.stood[place] = before
    return sent


def _stood(text: str, unit: str) -> Decimal | None:
    """What a field held when it was drawn; what nobody can have seen there held nothing."""
    try:
        return grids.read(text, unit)
    except ValueError:
        return None


def _overtaken(asked: _Asked, sent: _Sent, held: dict[Place, Decimal | None]) -> grids.Typed:
    """What was typed, each field that was changed elsewhere too with what it holds now."""
    units = {column.item: column.unit for column in asked.columns}
    told = {
        place: _("You entered %(mine)s; meanwhile it was set to %(theirs)s.")
        % {
            "mine": sent.texts[grids.name_of(place)].strip() or "–",
            "theirs": grids.written(value, units[place.item]) or "–",
        }
        for place, value in held.items()
    }
    return grids.Typed(sent.texts, told)


def _asked_or_404(request: AuthenticatedRequest, code: str) -> _Asked:
    asked = _asked(request, get_object_or_404(Cycle, code=code))
    if asked is None:
        raise Http404
    return asked


def _set(
    request: AuthenticatedRequest,
    asked: _Asked,
    wanted: dict[Place, Decimal | None],
    *,
    stood: dict[Place, Decimal | None] | None = None,
) -> int:
    return service.set_targets(
        cycle=asked.cycle,
        version=asked.version,
        wanted=wanted,
        set_by=request.user,
        now=timezone.now(),
        stood=stood,
    )


def _done(request: AuthenticatedRequest, asked: _Asked, changed: int) -> HttpResponse:
    if changed:
        said = ngettext(
            "%(count)s target changed. It holds from the next run on.",
            "%(count)s targets changed. They hold from the next run on.",
            changed,
        )
        messages.success(request, said % {"count": changed})
    else:
        messages.info(request, _("Nothing was changed."))
    return redirect(asked.address)


@requires("target.read")
@require_safe
def targets_file(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """Give out the table as a workbook."""
    asked = _asked_or_404(request, code)
    response = HttpResponse(files.write(_grid(request, asked)), content_type=_XLSX)
    name = f"targets-{asked.cycle.code}-{asked.version.scheme.code}.xlsx"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


@requires("target.edit")
@require_http_methods(["POST"])
def targets_import(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """Take a filled-in file: as a whole or not at all."""
    asked = _asked_or_404(request, code)
    form = TargetFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _show(request, asked, form=form, wrong=[*form.errors.get("file", [])])
    file = form.cleaned_data["file"]
    try:
        lines = read_lines(file.name, file.read(MOST_BYTES + 1))
        wanted, cells = files.read_file(lines, _grid(request, asked))
    except Unreadable as error:
        return _show(request, asked, form=form, wrong=[str(error)])
    except files.BadFile as error:
        return _show(request, asked, form=form, wrong=error.problems)
    try:
        return _done(request, asked, _set(request, asked, wanted))
    except service.BadTargets as error:
        return _show(request, asked, form=form, wrong=files.by_cell(error.problems, cells))
    except (service.OwnTarget, service.TargetsClosed) as error:
        return _show(request, asked, form=form, wrong=[str(error)])
