"""What was decided stays written, kept by PostgreSQL itself."""

from django.db import migrations

RULES = r"""
CREATE FUNCTION terms_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'terms are append-only: % is refused; decide anew instead', TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER terms_term_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON terms_term
    FOR EACH STATEMENT EXECUTE FUNCTION terms_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("terms", "0001_initial")]
    operations = [
        migrations.RunSQL(RULES, "DROP TRIGGER terms_term_append_only ON terms_term; DROP FUNCTION terms_refuse();")
    ]
