"""A journal appends its lines to one small table; once a minute they are booked: put in order and added up.

Before, each journal wrote its lines twice, and once into an index in an order that touched a page an account.
"""

from django.db import migrations, models

UP = r"""
INSERT INTO ledger_adding_up (at) VALUES (now());
DROP VIEW ledger_balance;
DROP TABLE ledger_change;
CREATE TABLE ledger_fresh (  -- no index: it holds what came since it was booked last, a minute ago
    account ledger_account NOT NULL,
    currency ledger_currency NOT NULL,
    at timestamptz NOT NULL,
    journal_id uuid NOT NULL,
    line smallint NOT NULL,
    amount_minor ledger_amount NOT NULL
);
ALTER TABLE ledger_posting RENAME TO ledger_booked;
ALTER TRIGGER ledger_posting_append_only ON ledger_booked RENAME TO ledger_booked_append_only;

-- Exact at every moment: a statement sees a line either booked or fresh.
CREATE VIEW ledger_posting AS
    SELECT account, currency, at, journal_id, line, amount_minor FROM ledger_booked
    UNION ALL SELECT account, currency, at, journal_id, line, amount_minor FROM ledger_fresh;
CREATE VIEW ledger_balance AS
    SELECT account, currency, amount_minor FROM ledger_total
    UNION ALL SELECT account, currency, amount_minor FROM ledger_fresh;

CREATE OR REPLACE FUNCTION ledger_book() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO ledger_fresh (account, currency, at, journal_id, line, amount_minor)
        SELECT l.account, l.currency, w.at, w.id, l.line, l.amount FROM written w,
            unnest(w.accounts, w.amounts, w.currencies) WITH ORDINALITY AS l(account, amount, currency, line);
    RETURN NULL;
END $$;

-- Book: what is taken from the fresh lines is put in order and into the totals, by one statement. Two at once share the
-- work or wait.
DROP TABLE ledger_adding_up;
DROP FUNCTION ledger_add_up;
CREATE TABLE ledger_booking (at timestamptz NOT NULL);
CREATE FUNCTION ledger_book_fresh() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    WITH taken AS (DELETE FROM ledger_fresh RETURNING account, currency, at, journal_id, line, amount_minor),
    booked AS (INSERT INTO ledger_booked (account, currency, at, journal_id, line, amount_minor)
        SELECT account, currency, at, journal_id, line, amount_minor FROM taken ORDER BY account, currency, at)
    INSERT INTO ledger_total AS kept (account, currency, amount_minor)
        SELECT account, currency, sum(amount_minor) FROM taken GROUP BY account, currency ORDER BY account, currency
        ON CONFLICT (account, currency) DO UPDATE SET amount_minor = kept.amount_minor + EXCLUDED.amount_minor;
    RETURN NULL;  -- it was asked for and done; no row is kept of it
END $$;
CREATE TRIGGER ledger_book_fresh BEFORE INSERT ON ledger_booking FOR EACH ROW EXECUTE FUNCTION ledger_book_fresh();

-- Asked as the triggers' condition, so that what is allowed costs no function's call.
DROP TRIGGER ledger_posting_not_by_hand ON ledger_booked;
DROP TRIGGER ledger_total_not_by_hand ON ledger_total;
CREATE TRIGGER ledger_fresh_not_by_hand BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON ledger_fresh
    FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION ledger_refuse_by_hand();
CREATE TRIGGER ledger_booked_not_by_hand BEFORE INSERT ON ledger_booked
    FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION ledger_refuse_by_hand();
CREATE TRIGGER ledger_total_not_by_hand BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON ledger_total
    FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION ledger_refuse_by_hand();
"""

LINE = [
    ("account", models.CharField(db_collation="C", max_length=80)),
    ("currency", models.CharField(db_collation="C", max_length=3)),
    ("at", models.DateTimeField()),
    ("journal_id", models.UUIDField()),
    ("line", models.SmallIntegerField()),
    ("amount_minor", models.BigIntegerField()),
]


def _key() -> tuple[str, models.CompositePrimaryKey]:
    columns = ("account", "currency", "at", "journal_id", "line")
    return "pk", models.CompositePrimaryKey(*columns, blank=True, editable=False, primary_key=True, serialize=False)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0004_changes_are_added_up_later")]
    operations = [
        migrations.RunSQL(
            UP,
            state_operations=[
                migrations.DeleteModel("ChangeRow"),
                migrations.AlterModelOptions("PostingRow", {"managed": False}),
                migrations.CreateModel(name="FreshRow", fields=[_key(), *LINE], options={"db_table": "ledger_fresh"}),
                migrations.CreateModel(name="BookedRow", fields=[_key(), *LINE], options={"db_table": "ledger_booked"}),
            ],
        )
    ]
