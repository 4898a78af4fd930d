"""The rules of documents, kept by PostgreSQL itself: nothing altered, nothing removed, no number left out."""

from django.db import migrations

RULES = r"""
-- What is issued stays as it is. A snapshot may be sealed anew, when the installation's keyset gets a new key.
CREATE FUNCTION invoicing_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'documents are kept as they were issued: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE FUNCTION invoicing_refuse_but_sealing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - 'sealed' IS DISTINCT FROM to_jsonb(OLD) - 'sealed' THEN
        RAISE EXCEPTION 'a document is never changed, only sealed anew' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER invoicing_document_append_only BEFORE DELETE OR TRUNCATE ON invoicing_document
    FOR EACH STATEMENT EXECUTE FUNCTION invoicing_refuse();
CREATE TRIGGER invoicing_document_only_sealed_anew BEFORE UPDATE ON invoicing_document
    FOR EACH ROW EXECUTE FUNCTION invoicing_refuse_but_sealing();
CREATE TRIGGER invoicing_line_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON invoicing_line
    FOR EACH STATEMENT EXECUTE FUNCTION invoicing_refuse();

-- A number follows the one before; the counter only counts up, one at a time.
CREATE FUNCTION invoicing_check_number() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.sequence <> 1 AND NOT EXISTS (SELECT FROM invoicing_document
            WHERE seller_id = NEW.seller_id AND year = NEW.year AND sequence = NEW.sequence - 1) THEN
        RAISE EXCEPTION 'number % of % would leave a gap', NEW.sequence, NEW.year
            USING ERRCODE = 'check_violation', CONSTRAINT = 'invoicing_document_without_gaps';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER invoicing_document_without_gaps BEFORE INSERT ON invoicing_document
    FOR EACH ROW EXECUTE FUNCTION invoicing_check_number();
CREATE FUNCTION invoicing_check_counter() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.last <> OLD.last + 1 OR NEW.seller_id <> OLD.seller_id OR NEW.year <> OLD.year THEN
        RAISE EXCEPTION 'a counter of documents only counts up' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER invoicing_counter_counts_up BEFORE UPDATE ON invoicing_counter
    FOR EACH ROW EXECUTE FUNCTION invoicing_check_counter();
CREATE TRIGGER invoicing_counter_stays BEFORE DELETE OR TRUNCATE ON invoicing_counter
    FOR EACH STATEMENT EXECUTE FUNCTION invoicing_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("invoicing", "0001_initial")]
    operations = [migrations.RunSQL(RULES, migrations.RunSQL.noop)]
