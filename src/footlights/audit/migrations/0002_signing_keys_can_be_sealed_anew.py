"""A signing key may be sealed anew, when the installation's keyset gets a new key; nothing else of it may change."""

from django.db import migrations

FORWARD = r"""
CREATE FUNCTION audit_refuse_but_sealing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.public IS DISTINCT FROM OLD.public OR NEW.made_at IS DISTINCT FROM OLD.made_at THEN
        RAISE EXCEPTION 'a signing key is never changed, only sealed anew' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER audit_signing_key_append_only ON audit_signing_key;
CREATE TRIGGER audit_signing_key_append_only BEFORE DELETE OR TRUNCATE ON audit_signing_key
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_signing_key_only_sealed_anew BEFORE UPDATE ON audit_signing_key
    FOR EACH ROW EXECUTE FUNCTION audit_refuse_but_sealing();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
