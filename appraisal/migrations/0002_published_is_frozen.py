"""The database itself refuses to change a published run, its scorecards and their lines."""

from django.db import migrations

FREEZE = """
CREATE FUNCTION appraisal_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM appraisal_run WHERE published_at IS NOT NULL) THEN
        RAISE EXCEPTION 'A published result never changes (% on %).', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION appraisal_freeze_run() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.published_at IS NOT NULL THEN
        RAISE EXCEPTION 'A published run never changes (% of run %).', TG_OP, OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION appraisal_freeze_scorecard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE run_ids bigint[];
BEGIN
    run_ids := CASE TG_OP
        WHEN 'INSERT' THEN ARRAY[NEW.run_id]
        WHEN 'UPDATE' THEN ARRAY[OLD.run_id, NEW.run_id]
        ELSE ARRAY[OLD.run_id] END;
    IF EXISTS (SELECT 1 FROM appraisal_run WHERE id = ANY(run_ids) AND published_at IS NOT NULL) THEN
        RAISE EXCEPTION 'A published scorecard never changes (%).', TG_OP
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION appraisal_freeze_line() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE card_ids bigint[];
BEGIN
    card_ids := CASE TG_OP
        WHEN 'UPDATE' THEN ARRAY[OLD.scorecard_id, NEW.scorecard_id]
        ELSE ARRAY[OLD.scorecard_id] END;
    IF EXISTS (
        SELECT 1 FROM appraisal_scorecard c JOIN appraisal_run r ON r.id = c.run_id
        WHERE c.id = ANY(card_ids) AND r.published_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'A published scorecard line never changes (%).', TG_OP
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;

-- Lines come in by the hundred thousand, so adding is checked once a statement, not once a row.
CREATE FUNCTION appraisal_freeze_added_lines() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
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

CREATE TRIGGER run_frozen BEFORE UPDATE OR DELETE ON appraisal_run
    FOR EACH ROW EXECUTE FUNCTION appraisal_freeze_run();
CREATE TRIGGER scorecard_frozen BEFORE INSERT OR UPDATE OR DELETE ON appraisal_scorecard
    FOR EACH ROW EXECUTE FUNCTION appraisal_freeze_scorecard();
CREATE TRIGGER line_frozen BEFORE UPDATE OR DELETE ON appraisal_scorecardline
    FOR EACH ROW EXECUTE FUNCTION appraisal_freeze_line();
CREATE TRIGGER line_added AFTER INSERT ON appraisal_scorecardline
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION appraisal_freeze_added_lines();
CREATE TRIGGER run_never_truncated BEFORE TRUNCATE ON appraisal_run
    FOR EACH STATEMENT EXECUTE FUNCTION appraisal_refuse();
CREATE TRIGGER scorecard_never_truncated BEFORE TRUNCATE ON appraisal_scorecard
    FOR EACH STATEMENT EXECUTE FUNCTION appraisal_refuse();
CREATE TRIGGER line_never_truncated BEFORE TRUNCATE ON appraisal_scorecardline
    FOR EACH STATEMENT EXECUTE FUNCTION appraisal_refuse();
"""

THAW = """
DROP TRIGGER line_never_truncated ON appraisal_scorecardline;
DROP TRIGGER scorecard_never_truncated ON appraisal_scorecard;
DROP TRIGGER run_never_truncated ON appraisal_run;
DROP TRIGGER line_added ON appraisal_scorecardline;
DROP TRIGGER line_frozen ON appraisal_scorecardline;
DROP TRIGGER scorecard_frozen ON appraisal_scorecard;
DROP TRIGGER run_frozen ON appraisal_run;
DROP FUNCTION appraisal_freeze_added_lines();
DROP FUNCTION appraisal_freeze_line();
DROP FUNCTION appraisal_freeze_scorecard();
DROP FUNCTION appraisal_freeze_run();
DROP FUNCTION appraisal_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("appraisal", "0001_initial")]

    operations = [migrations.RunSQL(FREEZE, THAW)]
