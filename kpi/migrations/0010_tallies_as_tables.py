"""The tally of a day is one table, kept as it stands in memory."""

from django.db import migrations, models

FORGET = """
DELETE FROM kpi_talliedday;

CREATE OR REPLACE FUNCTION kpi_forget_days() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM kpi_talliedday;
    RETURN NULL;
END $$;
"""
FORGET_ROWS = """
DELETE FROM kpi_talliedday;

CREATE OR REPLACE FUNCTION kpi_forget_days() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM kpi_tally;
    DELETE FROM kpi_talliedday;
    RETURN NULL;
END $$;
"""
# It is compressed already.
STORED = "ALTER TABLE kpi_talliedday ALTER COLUMN content SET STORAGE EXTERNAL"


class Migration(migrations.Migration):
    dependencies = [
        ("kpi", "0009_tallied_wholes"),
    ]

    operations = [
        migrations.RunSQL(FORGET, FORGET_ROWS),
        migrations.DeleteModel(name="Tally"),
        migrations.AddField(
            model_name="talliedday",
            name="content",
            field=models.BinaryField(default=bytes),
        ),
        migrations.RunSQL(STORED, migrations.RunSQL.noop),
    ]
