"""Form fields with label, hint and error, the same on every page."""

from __future__ import annotations

from django import forms, template
from django.forms.boundfield import BoundField
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

_NO_BOX = (forms.CheckboxSelectMultiple, forms.RadioSelect)


@register.simple_tag
def field(
    bound: BoundField, label: str = "", hint: str | None = None, shape: str = ""
) -> SafeString:
    """Write one field.

    Args:
        label: instead of the field's own.
        hint: instead of the field's help text; an empty one shows none.
        shape: another class, such as ``wide``.
    """
    if isinstance(bound.field.widget, forms.CheckboxInput):
        return _check(bound, label)
    if isinstance(bound.field.widget, _NO_BOX):
        return _group(bound, label, hint)
    return format_html(
        '<div class="field{}"><label for="{}">{}</label>{}{}{}</div>',
        f" {shape}" if shape else "",
        bound.id_for_label,
        label or bound.label,
        bound.as_widget(attrs=_attributes(bound)),
        _errors(bound),
        _hint(bound, hint),
    )


@register.simple_tag
def fields(form: forms.BaseForm) -> SafeString:
    """Write what is wrong with a form as a whole, and all its fields in their order."""
    return format_html(
        "{}{}{}",
        problems(form),
        mark_safe("".join(str(bound) for bound in form.hidden_fields())),  # noqa: S308 - widgets
        mark_safe("".join(field(bound) for bound in form.visible_fields())),  # noqa: S308
    )


@register.simple_tag
def problems(form: forms.BaseForm) -> SafeString:
    """Write what is wrong with a form as a whole."""
    return format_html_join(
        "",
        '<p class="notice" data-tone="poor" role="alert">{}</p>',
        ((error,) for error in form.non_field_errors()),
    )


def _attributes(bound: BoundField) -> dict[str, str | bool]:
    widget = bound.field.widget
    kind = {forms.Select: "select", forms.Textarea: "textarea"}
    box = next((name for cls, name in kind.items() if isinstance(widget, cls)), "input")
    if isinstance(widget, forms.FileInput):
        box = "file"
    own = widget.attrs.get("class", "")
    # The label says it; a placeholder would vanish while one writes. False leaves it out.
    return {"class": f"{box} {own}".strip(), "placeholder": False}


def _check(bound: BoundField, label: str) -> SafeString:
    return format_html(
        '<div class="field"><label class="check">{}<span>{}</span></label>{}{}</div>',
        bound.as_widget(),
        label or bound.label,
        _errors(bound),
        _hint(bound, None),
    )


def _group(bound: BoundField, label: str, hint: str | None) -> SafeString:
    return format_html(
        '<fieldset class="field"><legend class="field-legend">{}</legend>'
        '<div class="checks">{}</div>{}{}</fieldset>',
        label or bound.label,
        format_html_join(
            "",
            '<label class="check">{}<span>{}</span></label>',
            ((option.tag(), option.choice_label) for option in bound.subwidgets),
        ),
        _errors(bound),
        _hint(bound, hint),
    )


def _errors(bound: BoundField) -> SafeString | str:
    if not bound.errors:
        return ""
    return format_html(
        '<span class="error" id="{}_error">{}</span>',
        bound.auto_id,
        " ".join(str(error) for error in bound.errors),
    )


def _hint(bound: BoundField, hint: str | None) -> SafeString | str:
    text = bound.help_text if hint is None else hint
    if not text:
        return ""
    return format_html('<span class="hint" id="{}_helptext">{}</span>', bound.auto_id, text)
