"""A balance is its total and the changes that are not added to it yet; a journal only notes the changes.

Before, each journal searched for and altered two rows of balances: more than half of what it cost. Now it appends, and
a job adds up. The view below is exact at every moment: a statement sees a change either in the total or beside it.
"""

from django.db import migrations, models

UP = r"""
DROP TRIGGER ledger_balance_not_by_hand ON ledger_balance;
CREATE TABLE ledger_total (
    account varchar(80) COLLATE "C" NOT NULL,
    currency varchar(3) COLLATE "C" NOT NULL,
    amount_minor bigint NOT NULL,
    PRIMARY KEY (account, currency)
) WITH (fillfactor = 80);
INSERT INTO ledger_total SELECT account, currency, sum(amount_minor) FROM ledger_balance GROUP BY account, currency;
DROP TABLE ledger_balance;
CREATE TABLE ledger_change (  -- no index: it holds what came since it was added up last, a minute ago
    account varchar(80) COLLATE "C" NOT NULL,
    currency varchar(3) COLLATE "C" NOT NULL,
    amount_minor bigint NOT NULL
);
CREATE VIEW ledger_balance AS
    SELECT account, currency, amount_minor FROM ledger_total
    UNION ALL SELECT account, currency, amount_minor FROM ledger_change;

-- Most journals have two lines in one currency, and their sum is checked without a function's call.
ALTER TABLE ledger_journal DROP CONSTRAINT ledger_journal_zero_sum;
ALTER TABLE ledger_journal ADD CONSTRAINT ledger_journal_zero_sum CHECK (CASE
    WHEN cardinality(accounts) = 2 AND cardinality(amounts) = 2 AND cardinality(currencies) = 2 AND currencies[1] = currencies[2]
    THEN COALESCE(amounts[1]::numeric + amounts[2] = 0, false)
    ELSE ledger_is_balanced(accounts, amounts, currencies) END);

-- Postings and changes of balances follow journals in the same statement. Both are appended, so nobody waits for anybody.
CREATE OR REPLACE FUNCTION ledger_book() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO ledger_posting (account, currency, at, journal_id, line, amount_minor)
        SELECT l.account, l.currency, w.at, w.id, l.line, l.amount FROM written w,
            unnest(w.accounts, w.amounts, w.currencies) WITH ORDINALITY AS l(account, amount, currency, line);
    INSERT INTO ledger_change (account, currency, amount_minor)
        SELECT l.account, l.currency, l.amount FROM written w,
            unnest(w.accounts, w.amounts, w.currencies) AS l(account, amount, currency);
    RETURN NULL;
END $$;

-- Add up: what is taken from the changes is put into the totals, by one statement. Two at once share the work or wait.
CREATE TABLE ledger_adding_up (at timestamptz NOT NULL);
CREATE FUNCTION ledger_add_up() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    WITH taken AS (DELETE FROM ledger_change RETURNING account, currency, amount_minor)
    INSERT INTO ledger_total AS kept (account, currency, amount_minor)
        SELECT account, currency, sum(amount_minor) FROM taken GROUP BY account, currency ORDER BY account, currency
        ON CONFLICT (account, currency) DO UPDATE SET amount_minor = kept.amount_minor + EXCLUDED.amount_minor;
    RETURN NULL;  -- it was asked for and done; no row is kept of it
END $$;
CREATE TRIGGER ledger_add_up BEFORE INSERT ON ledger_adding_up FOR EACH ROW EXECUTE FUNCTION ledger_add_up();

CREATE TRIGGER ledger_total_not_by_hand BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON ledger_total
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_by_hand();
CREATE TRIGGER ledger_change_not_by_hand BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON ledger_change
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_by_hand();
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_lines_in_the_journal")]
    operations = [
        migrations.RunSQL(
            UP,
            state_operations=[
                migrations.DeleteModel("BalanceRow"),
                migrations.CreateModel(
                    name="BalanceRow",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "account", "currency", blank=True, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("account", models.CharField(db_collation="C", max_length=80)),
                        ("currency", models.CharField(db_collation="C", max_length=3)),
                        ("amount_minor", models.BigIntegerField()),
                    ],
                    options={"db_table": "ledger_balance", "managed": False},
                ),
                migrations.CreateModel(
                    name="TotalRow",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "account", "currency", blank=True, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("account", models.CharField(db_collation="C", max_length=80)),
                        ("currency", models.CharField(db_collation="C", max_length=3)),
                        ("amount_minor", models.BigIntegerField()),
                    ],
                    options={"db_table": "ledger_total"},
                ),
                migrations.CreateModel(
                    name="ChangeRow",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "account", "currency", blank=True, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("account", models.CharField(db_collation="C", max_length=80)),
                        ("currency", models.CharField(db_collation="C", max_length=3)),
                        ("amount_minor", models.BigIntegerField()),
                    ],
                    options={"db_table": "ledger_change"},
                ),
            ],
        )
    ]
