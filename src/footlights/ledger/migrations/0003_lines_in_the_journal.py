"""A journal holds its lines itself; postings and balances follow from it, in the same statement.

Before, three tables were written and compared at commit, row by row. Now a journal is one row: whole, sealed and in
balance by a check on the row, and one trigger a statement writes what follows from it, for one journal or a thousand.
"""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

UP = r"""
-- What an account, a currency and an amount may be. Domains, because their checks are kept ready by each connection.
CREATE DOMAIN ledger_account AS varchar(80) COLLATE "C"
    CONSTRAINT ledger_posting_account_code CHECK (VALUE ~ '^[a-z]+:[a-z0-9-]+$');
CREATE DOMAIN ledger_currency AS varchar(3) COLLATE "C"
    CONSTRAINT ledger_posting_currency_code CHECK (VALUE ~ '^[A-Z]{3}$');
CREATE DOMAIN ledger_amount AS bigint CONSTRAINT ledger_posting_moves_something CHECK (VALUE <> 0);

-- The lines move into their journals.
DROP TRIGGER ledger_journal_complete ON ledger_journal;
DROP TRIGGER ledger_journal_append_only ON ledger_journal;
ALTER TABLE ledger_journal
    ALTER COLUMN cause TYPE varchar(200) COLLATE "C",
    ADD COLUMN about varchar(80) NOT NULL DEFAULT '',
    ADD COLUMN accounts varchar(80)[],
    ADD COLUMN amounts bigint[],
    ADD COLUMN currencies varchar(3)[];
ALTER TABLE ledger_journal ALTER COLUMN about DROP DEFAULT;
UPDATE ledger_journal j SET accounts = l.accounts, amounts = l.amounts, currencies = l.currencies
    FROM (SELECT journal_id, array_agg(account ORDER BY id) AS accounts, array_agg(amount_minor ORDER BY id) AS amounts,
            array_agg(currency ORDER BY id) AS currencies FROM ledger_posting GROUP BY journal_id) l
    WHERE l.journal_id = j.id;
ALTER TABLE ledger_journal
    ALTER COLUMN accounts SET NOT NULL, ALTER COLUMN amounts SET NOT NULL, ALTER COLUMN currencies SET NOT NULL;

-- The tables that follow are made anew from the journals.
DROP TABLE ledger_posting, ledger_balance;
DROP FUNCTION ledger_check_journal, ledger_keep_balances, ledger_refuse_by_hand;
ALTER TABLE ledger_journal DROP COLUMN posting_count, DROP CONSTRAINT ledger_journal_id_at;
CREATE TABLE ledger_posting (
    account ledger_account NOT NULL,
    currency ledger_currency NOT NULL,
    at timestamptz NOT NULL,
    journal_id uuid NOT NULL,  -- no foreign key: only the trigger writes here, and journals stay
    line smallint NOT NULL,
    amount_minor ledger_amount NOT NULL,
    PRIMARY KEY (account, currency, at, journal_id, line) INCLUDE (amount_minor)
);
CREATE TABLE ledger_balance (
    account varchar(80) COLLATE "C" NOT NULL,
    currency varchar(3) COLLATE "C" NOT NULL,
    part smallint NOT NULL,
    amount_minor bigint NOT NULL,
    PRIMARY KEY (account, currency, part)
) WITH (fillfactor = 50);  -- so that a new amount finds room beside the old one and no index is touched
INSERT INTO ledger_posting (account, currency, at, journal_id, line, amount_minor)
    SELECT l.account, l.currency, j.at, j.id, l.line, l.amount FROM ledger_journal j,
        unnest(j.accounts, j.amounts, j.currencies) WITH ORDINALITY AS l(account, amount, currency, line);
INSERT INTO ledger_balance SELECT account, currency, 0, sum(amount_minor) FROM ledger_posting GROUP BY account, currency;

-- A journal has two sides or more, and sums to zero in each currency. Lines cannot be added later: the row is never changed.
CREATE FUNCTION ledger_is_balanced(accounts varchar[], amounts bigint[], currencies varchar[]) RETURNS boolean
    LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    total numeric := 0;
    amount bigint;
BEGIN
    IF cardinality(amounts) < 2 OR cardinality(accounts) <> cardinality(amounts)
        OR cardinality(currencies) <> cardinality(amounts) THEN
        RETURN false;
    END IF;
    IF currencies[1] = ALL (currencies) THEN
        FOREACH amount IN ARRAY amounts LOOP
            total := total + amount;
        END LOOP;
        RETURN total = 0;
    END IF;
    RETURN NOT EXISTS (SELECT FROM unnest(amounts, currencies) AS l(amount, currency)
        GROUP BY l.currency HAVING sum(l.amount) <> 0);
END $$;
ALTER TABLE ledger_journal ADD CONSTRAINT ledger_journal_zero_sum CHECK (ledger_is_balanced(accounts, amounts, currencies));

-- Postings and balances follow journals in the same statement, in account order so that two journals cannot deadlock.
CREATE FUNCTION ledger_book() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    WITH posted AS (
        INSERT INTO ledger_posting (account, currency, at, journal_id, line, amount_minor)
            SELECT l.account, l.currency, w.at, w.id, l.line, l.amount FROM written w,
                unnest(w.accounts, w.amounts, w.currencies) WITH ORDINALITY AS l(account, amount, currency, line)
            RETURNING account, currency, amount_minor)
    INSERT INTO ledger_balance AS kept (account, currency, part, amount_minor)
        SELECT account, currency, pg_backend_pid() % 16, sum(amount_minor) FROM posted
            GROUP BY account, currency ORDER BY account, currency
        ON CONFLICT (account, currency, part) DO UPDATE SET amount_minor = kept.amount_minor + EXCLUDED.amount_minor;
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_journal_is_booked AFTER INSERT ON ledger_journal
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION ledger_book();

-- Nobody but that trigger writes what follows, and what is written stays written.
CREATE FUNCTION ledger_refuse_by_hand() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION 'postings and balances follow from journals: % on % by hand is refused', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_posting_not_by_hand BEFORE INSERT ON ledger_posting
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_by_hand();
CREATE TRIGGER ledger_balance_not_by_hand BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON ledger_balance
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_by_hand();
CREATE TRIGGER ledger_posting_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_posting
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_journal_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_journal
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
"""

REVERSALS = r"""
-- What takes a journal back never takes back more of a line than is left, whoever asks at the same time. What was taken
-- back can come back: a refund the bank returned is taken back itself.
CREATE FUNCTION ledger_check_reversal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM ledger_journal WHERE id = NEW.reversed_id FOR NO KEY UPDATE;
    IF EXISTS (
        WITH RECURSIVE tree AS (
            SELECT NEW.reversed_id AS id
            UNION ALL SELECT r.journal_id FROM ledger_reversal r JOIN tree ON r.reversed_id = tree.id)
        SELECT FROM (
            SELECT l.account, l.currency, sum(l.amount) FILTER (WHERE j.id = NEW.reversed_id) AS was, sum(l.amount) AS left_over
            FROM ledger_journal j, unnest(j.accounts, j.amounts, j.currencies) AS l(account, amount, currency)
            WHERE j.id IN (SELECT id FROM tree)
            GROUP BY l.account, l.currency) sides
        WHERE was IS NULL OR left_over * sign(was) < 0 OR abs(left_over) > abs(was)
    ) THEN
        RAISE EXCEPTION 'journal % takes back more of journal % than is left', NEW.journal_id, NEW.reversed_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_reversal_within';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_reversal_within AFTER INSERT ON ledger_reversal
    FOR EACH ROW EXECUTE FUNCTION ledger_check_reversal();
CREATE TRIGGER ledger_reversal_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_reversal
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_rules")]
    operations = [
        migrations.RunSQL(
            UP,
            state_operations=[
                migrations.RemoveConstraint("journal", "ledger_journal_has_two_sides"),
                migrations.RemoveConstraint("journal", "ledger_journal_id_at"),
                migrations.RemoveField("journal", "posting_count"),
                migrations.AlterField(
                    "journal", "cause", models.CharField(db_collation="C", max_length=200, unique=True)
                ),
                migrations.AddField("journal", "about", models.CharField(blank=True, max_length=80)),
                migrations.AddField(
                    "journal",
                    "accounts",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=80), size=None),
                ),
                migrations.AddField(
                    "journal",
                    "amounts",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                ),
                migrations.AddField(
                    "journal",
                    "currencies",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=3), size=None),
                ),
                migrations.DeleteModel("PostingRow"),
                migrations.DeleteModel("BalanceRow"),
                migrations.CreateModel(
                    name="PostingRow",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "account", "currency", "at", "journal_id", "line",
                                blank=True, editable=False, primary_key=True, serialize=False,
                            ),
                        ),
                        ("account", models.CharField(db_collation="C", max_length=80)),
                        ("currency", models.CharField(db_collation="C", max_length=3)),
                        ("at", models.DateTimeField()),
                        ("line", models.SmallIntegerField()),
                        ("amount_minor", models.BigIntegerField()),
                        (
                            "journal",
                            models.ForeignKey(
                                db_constraint=False, db_index=False, to="ledger.journal", related_name="+",
                                on_delete=django.db.models.deletion.DO_NOTHING,
                            ),
                        ),
                    ],
                    options={"db_table": "ledger_posting"},
                ),
                migrations.CreateModel(
                    name="BalanceRow",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "account", "currency", "part",
                                blank=True, editable=False, primary_key=True, serialize=False,
                            ),
                        ),
                        ("account", models.CharField(db_collation="C", max_length=80)),
                        ("currency", models.CharField(db_collation="C", max_length=3)),
                        ("part", models.SmallIntegerField()),
                        ("amount_minor", models.BigIntegerField()),
                    ],
                    options={"db_table": "ledger_balance"},
                ),
            ],
        ),
        migrations.CreateModel(
            name="Reversal",
            fields=[
                (
                    "journal",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.DO_NOTHING, primary_key=True, serialize=False,
                        related_name="takes_back", to="ledger.journal",
                    ),
                ),
                (
                    "reversed",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.DO_NOTHING, related_name="taken_back_by", to="ledger.journal"
                    ),
                ),
            ],
            options={"db_table": "ledger_reversal"},
        ),
        migrations.RunSQL(REVERSALS),
    ]
