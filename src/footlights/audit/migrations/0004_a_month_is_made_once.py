"""Two who need a month at the same moment that nobody made ahead: the second sees that the first has made it.

What `to_regclass` did not find before it waited for the lock it does not look for again; the table of tables is read anew.
"""

from django.db import migrations

FORWARD = r"""
CREATE OR REPLACE FUNCTION audit_ensure_month(month date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    part text := 'audit_record_' || to_char(month, 'YYYY_MM');
BEGIN
    IF to_regclass(part) IS NOT NULL THEN RETURN; END IF;
    PERFORM pg_advisory_xact_lock(61474, 256);
    IF EXISTS (SELECT FROM pg_catalog.pg_class WHERE relname = part AND relnamespace = (
        SELECT relnamespace FROM pg_catalog.pg_class WHERE oid = 'audit_record'::regclass)) THEN RETURN; END IF;
    EXECUTE format('CREATE TABLE %I (LIKE audit_record INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', part);
    EXECUTE format('ALTER TABLE audit_record ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', part,
        audit_floor_id(date_trunc('month', month::timestamp)),
        audit_floor_id(date_trunc('month', month::timestamp) + interval '1 month'));
    EXECUTE format('CREATE TRIGGER audit_record_no_truncate BEFORE TRUNCATE ON %I
        FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()', part);
    EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON %I FROM PUBLIC, CURRENT_USER', part);
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_tally")]
    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
