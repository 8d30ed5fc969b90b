"""The database itself refuses to change a scheme version that people rely on."""

from django.db import migrations

FREEZE = """
CREATE FUNCTION appraisal_freeze_scheme_version() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE allowed appraisal_schemeversion%ROWTYPE;
BEGIN
    IF OLD.state IN ('published', 'retired')
        OR EXISTS (SELECT 1 FROM appraisal_runscheme WHERE scheme_version_id = OLD.id)
    THEN
        IF TG_OP = 'UPDATE' THEN
            -- What a version says stays; that it is no longer in use may be noted.
            allowed := OLD;
            IF OLD.state = 'published' AND NEW.state = 'retired' THEN
                allowed.state := NEW.state;
            END IF;
            IF allowed IS NOT DISTINCT FROM NEW THEN RETURN NEW; END IF;
        END IF;
        RAISE EXCEPTION 'A scheme version in use never changes (% of version %).', TG_OP, OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    IF OLD.state = 'asked' AND (
        NEW.document IS DISTINCT FROM OLD.document OR NEW.scheme_id <> OLD.scheme_id
        OR NEW.number <> OLD.number OR NEW.name_en <> OLD.name_en OR NEW.name_zh <> OLD.name_zh
        OR NEW.positions <> OLD.positions OR NEW.cycles <> OLD.cycles
        OR NEW.editors <> OLD.editors OR NEW.edited_by_id IS DISTINCT FROM OLD.edited_by_id
    ) THEN
        RAISE EXCEPTION 'A scheme version that waits for approval does not change (version %).', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state = 'published' AND NEW.approved_by_id IS NOT NULL
        AND NEW.editors @> to_jsonb(NEW.approved_by_id)
    THEN
        RAISE EXCEPTION 'Who edited a scheme version does not approve it (version %).', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER scheme_version_frozen BEFORE UPDATE OR DELETE ON appraisal_schemeversion
    FOR EACH ROW EXECUTE FUNCTION appraisal_freeze_scheme_version();
"""

THAW = """
DROP TRIGGER scheme_version_frozen ON appraisal_schemeversion;
DROP FUNCTION appraisal_freeze_scheme_version();
"""


class Migration(migrations.Migration):
    dependencies = [("appraisal", "0005_scheme_drafts")]

    operations = [migrations.RunSQL(FREEZE, THAW)]
