"""Form fields."""

from django import forms

from agents.templatetags.forms import field, fields


class Sample(forms.Form):
    name = forms.CharField(label="Name", help_text="As on the badge.")
    sure = forms.BooleanField(label="Sure")
    roles = forms.MultipleChoiceField(
        label="Roles", choices=[("a", "One"), ("b", "Two")], widget=forms.CheckboxSelectMultiple
    )
    secret = forms.CharField(widget=forms.HiddenInput, required=False)


def test_field_has_label_hint_and_the_class_of_its_box():
    text = field(Sample()["name"])

    assert '<label for="id_name">Name</label>' in text
    assert 'class="input"' in text
    assert '<span class="hint" id="id_name_helptext">As on the badge.</span>' in text


def test_refused_field_says_why_and_is_marked_for_readers():
    form = Sample({"name": ""})

    text = field(form["name"])

    assert 'aria-invalid="true"' in text
    assert '<span class="error" id="id_name_error">This field is required.</span>' in text


def test_label_and_hint_can_be_said_otherwise_or_left_out():
    text = field(Sample()["name"], label="Your <name>", hint="")

    assert "Your &lt;name&gt;" in text
    assert "As on the badge." not in text


def test_box_to_tick_stands_before_its_words():
    text = field(Sample()["sure"])

    assert '<label class="check"><input type="checkbox"' in text
    assert "<span>Sure</span>" in text


def test_several_boxes_are_a_group_with_a_legend():
    text = field(Sample()["roles"])

    assert '<legend class="field-legend">Roles</legend>' in text
    assert text.count('type="checkbox"') == 2


def test_all_fields_come_with_what_is_wrong_with_the_form_as_a_whole():
    form = Sample({"name": "Lin"})
    form.add_error(None, "Not today.")

    text = fields(form)

    assert text.startswith('<p class="notice" data-tone="poor" role="alert">Not today.</p>')
    assert '<input type="hidden" name="secret"' in text
    assert text.count('class="field"') == 3


def test_placeholder_of_a_widget_is_left_out():
    class Foreign(forms.Form):
        login = forms.CharField(widget=forms.TextInput(attrs={"placeholder": "Login"}))

    assert "placeholder" not in field(Foreign()["login"])
