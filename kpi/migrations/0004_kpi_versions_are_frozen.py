"""The database itself refuses to change or delete a KPI version that was ever in use."""

from django.db import migrations

FREEZE = """
CREATE FUNCTION kpi_freeze_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.state IN ('draft', 'sent') THEN RETURN OLD; END IF;
    ELSE
        IF OLD.state IN ('draft', 'sent') THEN RETURN NEW; END IF;
        IF OLD.state = 'published' AND NEW.state = 'retired'
           AND to_jsonb(NEW) - 'state' = to_jsonb(OLD) - 'state' THEN RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'A KPI version that was in use never changes (% of version %).', TG_OP, OLD.id
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER kpi_version_frozen BEFORE UPDATE OR DELETE ON kpi_kpiversion
    FOR EACH ROW EXECUTE FUNCTION kpi_freeze_version();
"""
THAW = """
DROP TRIGGER kpi_version_frozen ON kpi_kpiversion;
DROP FUNCTION kpi_freeze_version();
"""


class Migration(migrations.Migration):
    dependencies = [("kpi", "0003_kpi_drafts")]
    operations = [migrations.RunSQL(FREEZE, THAW)]
