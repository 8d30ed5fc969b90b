"""Import of people by file: look at it, see what would happen, confirm."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agents.access import requires
from agents.http import AuthenticatedRequest
from agents.roster import entries, filing, reading, template
from agents.web.form_page import REFUSED, posted
from agents.web.forms import people as forms

MOST_PROBLEMS_SHOWN = 200
_KINDS = {
    "csv": (template.as_csv, "text/csv; charset=utf-8"),
    "xlsx": (
        template.as_xlsx,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
}


@requires("people.edit")
@require_http_methods(["GET", "POST"])
def people_import(request: AuthenticatedRequest) -> HttpResponse:
    """Ask for a list of people and show what filing it would do."""
    form = forms.RosterForm(posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            lines = reading.read_lines(file.name, file.read(reading.MOST_BYTES + 1))
            read = entries.read_entries(lines)
        except reading.Unreadable as error:
            form.add_error("file", str(error))
        else:
            return _show_plan(request, file.name, lines, read)
    context = {"form": form, "columns": template.heading(), "needed": entries.NEEDED}
    status = REFUSED if form.errors else 200
    return render(request, "agents/people_import.html", context, status=status)


def _show_plan(
    request: AuthenticatedRequest, name: str, lines: list[reading.Line], read: entries.Entries
) -> HttpResponse:
    plan = filing.plan_filing(read)
    context = {
        "name": name,
        "plan": plan,
        "rows": len(lines) - 1,
        "problems": sorted(plan.problems, key=lambda one: one.line)[:MOST_PROBLEMS_SHOWN],
        "text": template.as_text(lines),
    }
    status = REFUSED if plan.problems else 200
    return render(request, "agents/people_check.html", context, status=status)


@requires("people.edit")
@require_POST
def people_file(request: AuthenticatedRequest) -> HttpResponse:
    """File the list that was looked at, checked once more as a whole."""
    text = request.POST.get("text", "")
    try:
        lines = reading.read_lines("list.csv", text.encode())
        read = entries.read_entries(lines)
        plan = filing.file_people(read)
    except (reading.Unreadable, filing.Refused) as error:
        messages.error(request, str(error))
        return redirect("agents:people_import")
    new, known = len(plan.new_people), len(plan.known_people)
    message = ngettext("%(new)s new person filed", "%(new)s new people filed", new) % {"new": new}
    messages.success(request, message + _(", %(known)s known.") % {"known": known})
    return redirect("agents:people")


@requires("people.edit")
@require_safe
def people_template(request: AuthenticatedRequest, kind: str) -> HttpResponse:
    """Give the list to start from, as CSV or XLSX."""
    if kind not in _KINDS:
        raise Http404
    write, content_type = _KINDS[kind]
    headers = {"Content-Disposition": f'attachment; filename="people.{kind}"'}
    return HttpResponse(write(template.template_rows()), content_type=content_type, headers=headers)
