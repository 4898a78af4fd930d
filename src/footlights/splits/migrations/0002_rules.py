"""What was agreed stays agreed, kept by PostgreSQL itself: only a proposal that is open moves, and only once."""

from django.db import migrations

RULES = r"""
CREATE FUNCTION splits_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'agreements are kept: % on % is refused; propose anew instead', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER splits_agreement_kept BEFORE DELETE OR TRUNCATE ON splits_agreement
    FOR EACH STATEMENT EXECUTE FUNCTION splits_refuse();
CREATE TRIGGER splits_party_kept BEFORE DELETE OR TRUNCATE ON splits_party
    FOR EACH STATEMENT EXECUTE FUNCTION splits_refuse();

-- An open agreement comes into force once everybody it announced has signed, and shares no more than the whole.
CREATE FUNCTION splits_move_agreement() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    found bigint;
    unsigned bigint;
    shared bigint;
BEGIN
    IF OLD.in_force_from IS NOT NULL OR OLD.closed_as <> '' OR
        (NEW.id, NEW.subject_kind, NEW.subject_id, NEW.channel_id, NEW.party_count, NEW.from_at, NEW.proposed_by, NEW.proposed_at)
        IS DISTINCT FROM
        (OLD.id, OLD.subject_kind, OLD.subject_id, OLD.channel_id, OLD.party_count, OLD.from_at, OLD.proposed_by, OLD.proposed_at)
    THEN
        RAISE EXCEPTION 'agreement % is kept as it is; propose anew instead', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.in_force_from IS NOT NULL THEN
        SELECT count(*), count(*) FILTER (WHERE signed_at IS NULL), sum(bps) INTO found, unsigned, shared
            FROM splits_party WHERE agreement_id = NEW.id;
        IF found <> NEW.party_count OR unsigned > 0 OR shared > 10000 THEN
            RAISE EXCEPTION 'agreement % has % of % parties, % of them unsigned, with % bps', NEW.id, found, NEW.party_count, unsigned, shared
                USING ERRCODE = 'check_violation', CONSTRAINT = 'splits_agreement_signed_by_all';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER splits_agreement_moves BEFORE UPDATE ON splits_agreement
    FOR EACH ROW EXECUTE FUNCTION splits_move_agreement();

-- A party becomes known once and signs once; their share never changes, and nobody joins what is decided.
CREATE FUNCTION splits_move_party() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    is_open boolean;
BEGIN
    SELECT in_force_from IS NULL AND closed_as = '' INTO is_open FROM splits_agreement WHERE id = NEW.agreement_id;
    IF TG_OP = 'UPDATE' AND OLD.person_id IS NULL AND NEW.person_id IS NULL AND
        (NEW.id, NEW.agreement_id, NEW.bps, NEW.digest, NEW.signed_at) IS NOT DISTINCT FROM
        (OLD.id, OLD.agreement_id, OLD.bps, OLD.digest, OLD.signed_at) THEN
        RETURN NEW;  -- the address is sealed with another key
    END IF;
    IF NOT is_open OR (TG_OP = 'UPDATE' AND (
        OLD.signed_at IS NOT NULL OR (OLD.person_id IS NOT NULL AND NEW.person_id IS DISTINCT FROM OLD.person_id) OR
        (NEW.id, NEW.agreement_id, NEW.bps) IS DISTINCT FROM (OLD.id, OLD.agreement_id, OLD.bps)))
    THEN
        RAISE EXCEPTION 'the parties of agreement % are kept as they are', NEW.agreement_id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER splits_party_moves BEFORE INSERT OR UPDATE ON splits_party
    FOR EACH ROW EXECUTE FUNCTION splits_move_party();
"""

UNDO = """
DROP TRIGGER splits_party_moves ON splits_party; DROP TRIGGER splits_party_kept ON splits_party;
DROP TRIGGER splits_agreement_moves ON splits_agreement; DROP TRIGGER splits_agreement_kept ON splits_agreement;
DROP FUNCTION splits_move_party(); DROP FUNCTION splits_move_agreement(); DROP FUNCTION splits_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("splits", "0001_initial")]
    operations = [migrations.RunSQL(RULES, UNDO)]
