from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("appraisal", "0006_scheme_versions_are_frozen")]

    operations = [
        migrations.AddField(
            model_name="scorecard",
            name="by_guideline",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="The guideline for how many may have a grade lowered this one.",
            ),
        ),
        migrations.AddField(
            model_name="scorecard",
            name="stars",
            field=models.PositiveSmallIntegerField(
                blank=True, help_text="Missing when none are given.", null=True
            ),
        ),
        migrations.AddField(
            model_name="scorecardline",
            name="conditions",
            field=models.JSONField(
                blank=True,
                help_text="What the item's conditions came to; missing where it has none.",
                null=True,
            ),
        ),
    ]
