"""Lines are found by their scorecard, so one index is enough.

Four more cost as much as writing the rows: the card alone (which the pair of card and item begins
with), the item twice, and the KPI version, which the run's own list of versions keeps from going.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("appraisal", "0012_not_measurable"),
        ("kpi", "0010_tallies_as_tables"),
    ]

    operations = [
        migrations.AlterField(
            model_name="scorecardline",
            name="item",
            field=models.SlugField(db_index=False, max_length=64),
        ),
        migrations.AlterField(
            model_name="scorecardline",
            name="kpi_version",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="kpi.kpiversion",
            ),
        ),
        migrations.AlterField(
            model_name="scorecardline",
            name="scorecard",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="lines",
                to="appraisal.scorecard",
            ),
        ),
    ]
