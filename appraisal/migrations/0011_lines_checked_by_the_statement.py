"""Whether the cards of added lines exist is checked once a statement, not once a row.

A run adds its lines by the hundred thousand; a reference checked row by row costs as much as
writing them.
"""

import django.db.models.deletion
from django.db import migrations, models

CHECK = """
CREATE OR REPLACE FUNCTION appraisal_freeze_added_lines() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM (SELECT DISTINCT scorecard_id FROM added) a
        LEFT JOIN appraisal_scorecard c ON c.id = a.scorecard_id
        WHERE c.id IS NULL
    ) THEN
        RAISE EXCEPTION 'A line belongs to a scorecard that is not there (% on %).',
            TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'foreign_key_violation';
    END IF;
    IF EXISTS (
        SELECT 1 FROM (SELECT DISTINCT scorecard_id FROM added) a
        JOIN appraisal_scorecard c ON c.id = a.scorecard_id
        JOIN appraisal_run r ON r.id = c.run_id
        WHERE r.published_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'A published scorecard takes no more lines.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION appraisal_keep_cards_of_lines() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM removed JOIN appraisal_scorecardline l ON l.scorecard_id = removed.id
        WHERE NOT EXISTS (SELECT 1 FROM appraisal_scorecard c WHERE c.id = removed.id)
    ) THEN
        RAISE EXCEPTION 'A scorecard cannot go before its lines (% on %).', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER line_moved AFTER UPDATE ON appraisal_scorecardline
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION appraisal_freeze_added_lines();
CREATE TRIGGER scorecard_has_lines AFTER DELETE ON appraisal_scorecard
    REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION appraisal_keep_cards_of_lines();
CREATE TRIGGER scorecard_renumbered AFTER UPDATE ON appraisal_scorecard
    REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION appraisal_keep_cards_of_lines();
"""

UNCHECK = """
DROP TRIGGER scorecard_renumbered ON appraisal_scorecard;
DROP TRIGGER scorecard_has_lines ON appraisal_scorecard;
DROP TRIGGER line_moved ON appraisal_scorecardline;
DROP FUNCTION appraisal_keep_cards_of_lines();
"""


class Migration(migrations.Migration):
    dependencies = [("appraisal", "0010_targets")]

    operations = [
        migrations.AlterField(
            model_name="scorecardline",
            name="scorecard",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="lines",
                to="appraisal.scorecard",
            ),
        ),
        migrations.RunSQL(CHECK, UNCHECK),
    ]
