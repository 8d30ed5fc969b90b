"""The database itself refuses to change the pay of a published run, and a plan once in use."""

from django.db import migrations

FREEZE = """
CREATE FUNCTION appraisal_refuse_pay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM appraisal_payproposal WHERE is_sealed) THEN
        RAISE EXCEPTION 'The pay of a published run never changes (% on %).', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION appraisal_freeze_pay_proposal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.is_sealed THEN
        RAISE EXCEPTION 'The pay of a published run never changes (% of proposal %).', TG_OP, OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION appraisal_freeze_pay_statement() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE ids bigint[];
BEGIN
    ids := CASE TG_OP
        WHEN 'INSERT' THEN ARRAY[NEW.proposal_id]
        WHEN 'UPDATE' THEN ARRAY[OLD.proposal_id, NEW.proposal_id]
        ELSE ARRAY[OLD.proposal_id] END;
    IF EXISTS (SELECT 1 FROM appraisal_payproposal WHERE id = ANY(ids) AND is_sealed) THEN
        RAISE EXCEPTION 'A published pay statement never changes (%).', TG_OP
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION appraisal_freeze_pay_line() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE ids bigint[];
BEGIN
    ids := CASE TG_OP
        WHEN 'INSERT' THEN ARRAY[NEW.statement_id]
        WHEN 'UPDATE' THEN ARRAY[OLD.statement_id, NEW.statement_id]
        ELSE ARRAY[OLD.statement_id] END;
    IF EXISTS (
        SELECT 1 FROM appraisal_paystatement s JOIN appraisal_payproposal p ON p.id = s.proposal_id
        WHERE s.id = ANY(ids) AND p.is_sealed
    ) THEN
        RAISE EXCEPTION 'A published pay line never changes (%).', TG_OP
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;

-- What was worked out before the run is published stands from that moment on.
CREATE FUNCTION appraisal_seal_pay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE appraisal_payproposal SET is_sealed = true WHERE run_id = NEW.id AND NOT is_sealed;
    RETURN NULL;
END $$;

CREATE FUNCTION appraisal_freeze_pay_plan() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'draft' THEN
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' OR NEW.state = 'draft'
        OR (NEW.plan_id, NEW.number, NEW.document, NEW.positions)
            IS DISTINCT FROM (OLD.plan_id, OLD.number, OLD.document, OLD.positions) THEN
        RAISE EXCEPTION 'A pay plan that was published never changes (% of version %).',
            TG_OP, OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER pay_proposal_frozen BEFORE UPDATE OR DELETE ON appraisal_payproposal
    FOR EACH ROW EXECUTE FUNCTION appraisal_freeze_pay_proposal();
CREATE TRIGGER pay_statement_frozen BEFORE INSERT OR UPDATE OR DELETE ON appraisal_paystatement
    FOR EACH ROW EXECUTE FUNCTION appraisal_freeze_pay_statement();
CREATE TRIGGER pay_line_frozen BEFORE INSERT OR UPDATE OR DELETE ON appraisal_payline
    FOR EACH ROW EXECUTE FUNCTION appraisal_freeze_pay_line();
CREATE TRIGGER pay_plan_frozen BEFORE UPDATE OR DELETE ON appraisal_payplanversion
    FOR EACH ROW EXECUTE FUNCTION appraisal_freeze_pay_plan();
CREATE TRIGGER pay_sealed AFTER UPDATE OF published_at ON appraisal_run
    FOR EACH ROW WHEN (OLD.published_at IS NULL AND NEW.published_at IS NOT NULL)
    EXECUTE FUNCTION appraisal_seal_pay();
CREATE TRIGGER pay_proposal_never_truncated BEFORE TRUNCATE ON appraisal_payproposal
    FOR EACH STATEMENT EXECUTE FUNCTION appraisal_refuse_pay();
CREATE TRIGGER pay_statement_never_truncated BEFORE TRUNCATE ON appraisal_paystatement
    FOR EACH STATEMENT EXECUTE FUNCTION appraisal_refuse_pay();
CREATE TRIGGER pay_line_never_truncated BEFORE TRUNCATE ON appraisal_payline
    FOR EACH STATEMENT EXECUTE FUNCTION appraisal_refuse_pay();
"""

THAW = """
DROP TRIGGER pay_line_never_truncated ON appraisal_payline;
DROP TRIGGER pay_statement_never_truncated ON appraisal_paystatement;
DROP TRIGGER pay_proposal_never_truncated ON appraisal_payproposal;
DROP TRIGGER pay_sealed ON appraisal_run;
DROP TRIGGER pay_plan_frozen ON appraisal_payplanversion;
DROP TRIGGER pay_line_frozen ON appraisal_payline;
DROP TRIGGER pay_statement_frozen ON appraisal_paystatement;
DROP TRIGGER pay_proposal_frozen ON appraisal_payproposal;
DROP FUNCTION appraisal_freeze_pay_plan();
DROP FUNCTION appraisal_seal_pay();
DROP FUNCTION appraisal_freeze_pay_line();
DROP FUNCTION appraisal_freeze_pay_statement();
DROP FUNCTION appraisal_freeze_pay_proposal();
DROP FUNCTION appraisal_refuse_pay();
"""


class Migration(migrations.Migration):
    dependencies = [("appraisal", "0008_pay")]

    operations = [migrations.RunSQL(FREEZE, THAW)]
