"""The rules of the books, kept by PostgreSQL itself: sealed and zero-sum journals, nothing altered, exact balances."""

from django.db import migrations

RULES = r"""
-- A posting's time is its journal's time.
ALTER TABLE ledger_posting ADD CONSTRAINT ledger_posting_at_is_the_journals
    FOREIGN KEY (journal_id, at) REFERENCES ledger_journal (id, at) DEFERRABLE INITIALLY DEFERRED;

-- At commit a journal has exactly the postings it announced, and they sum to zero in each currency.
-- The announced count seals it: a later transaction cannot add a pair of lines to an old journal.
CREATE FUNCTION ledger_check_journal() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    checked uuid := (to_jsonb(NEW) ->> TG_ARGV[0])::uuid;  -- which column names the journal
    announced smallint;
    found bigint;
    crooked text;
BEGIN
    SELECT posting_count INTO announced FROM ledger_journal WHERE id = checked;
    SELECT count(*) INTO found FROM ledger_posting WHERE journal_id = checked;
    IF found <> announced THEN
        RAISE EXCEPTION 'journal % announced % postings and has %', checked, announced, found
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_journal_sealed';
    END IF;
    SELECT currency INTO crooked FROM ledger_posting WHERE journal_id = checked
        GROUP BY currency HAVING sum(amount_minor) <> 0 LIMIT 1;
    IF crooked IS NOT NULL THEN
        RAISE EXCEPTION 'the % postings of journal % do not sum to zero', crooked, checked
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_journal_zero_sum';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER ledger_journal_complete AFTER INSERT ON ledger_journal
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_check_journal('id');
CREATE CONSTRAINT TRIGGER ledger_posting_complete AFTER INSERT ON ledger_posting
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_check_journal('journal_id');

-- What is written stays written.
CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only: % on % is refused; post a reversing journal instead', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER ledger_journal_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_journal
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_posting_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_posting
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();

-- Balances follow postings in the same statement, in account order so that two journals cannot deadlock.
CREATE FUNCTION ledger_keep_balances() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO ledger_balance AS kept (account, currency, part, amount_minor)
        SELECT account, currency, pg_backend_pid() % 16, sum(amount_minor) FROM written
        GROUP BY account, currency ORDER BY account, currency
        ON CONFLICT (account, currency, part) DO UPDATE SET amount_minor = kept.amount_minor + EXCLUDED.amount_minor;
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_posting_keeps_balances AFTER INSERT ON ledger_posting
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION ledger_keep_balances();

-- Nobody but that trigger writes balances.
CREATE FUNCTION ledger_refuse_by_hand() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION 'balances follow from postings: % on % by hand is refused', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_balance_not_by_hand BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON ledger_balance
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_by_hand();
"""

class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunSQL(RULES, migrations.RunSQL.noop)]
