"""The tallies of days are narrow tables now; days are tallied anew after the next run."""

from django.db import migrations

FORGET = "DELETE FROM kpi_talliedday"


class Migration(migrations.Migration):
    dependencies = [
        ("kpi", "0010_tallies_as_tables"),
    ]

    operations = [migrations.RunSQL(FORGET, FORGET)]
