"""The trail's tables and rules, kept by PostgreSQL itself: monthly partitions, chains, and nothing ever altered.

- A record's id is a UUIDv7 made here. It says when, so the table is partitioned by it, and nobody passes a false time.
- One of 256 chains takes each record. A transaction takes a chain that no other holds (by advisory lock, until it
  ends), beginning with its connection's own: writers do not queue. In the chain the record gets the next position and
  hash = sha256(hash before || canonical record).
- Nothing is updated, deleted or truncated. Who owns the tables can still drop one or switch triggers off:
  that is what the hashes, the signed checkpoints and their copies elsewhere are for.
"""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models

TABLES = r"""
CREATE TABLE audit_record (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    act varchar(60) NOT NULL,
    actor_id uuid,
    on_behalf_of_id uuid,
    object_kind varchar(40) NOT NULL,
    object_id varchar(100) NOT NULL,
    channel_id uuid,
    person_ids uuid[] NOT NULL,
    before jsonb,
    after jsonb,
    address inet,
    request_id uuid,
    chain smallint NOT NULL,
    position bigint NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT audit_record_act_name CHECK (act ~ '^[a-z]+\.[a-z_]+$')
) PARTITION BY RANGE (id);
CREATE INDEX audit_record_chain ON audit_record (chain, position);
CREATE INDEX audit_record_act ON audit_record (act, id);
CREATE INDEX audit_record_object ON audit_record (object_id, id) WHERE object_id <> '';
CREATE INDEX audit_record_channel ON audit_record (channel_id, id) WHERE channel_id IS NOT NULL;
CREATE INDEX audit_record_persons ON audit_record USING gin (person_ids);

CREATE TABLE audit_head (chain smallint PRIMARY KEY, position bigint NOT NULL, hash bytea NOT NULL)
    WITH (fillfactor = 50);
CREATE TABLE audit_signing_key (public varchar(64) PRIMARY KEY, sealed bytea NOT NULL, made_at timestamptz NOT NULL);
CREATE TABLE audit_checkpoint (
    number bigint PRIMARY KEY CHECK (number > 0),
    at timestamptz NOT NULL,
    statement text NOT NULL,
    signature bytea NOT NULL,
    key varchar(64) NOT NULL
);
CREATE TABLE audit_signed (chain smallint PRIMARY KEY, position bigint NOT NULL);
"""

RULES = r"""
-- What is hashed: every column but the hash, in this order, as one JSON array. operations/verify.py says it again.
CREATE FUNCTION audit_canonical(r audit_record) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_build_array(r.chain, r.position, r.id, r.act, r.actor_id, r.on_behalf_of_id, r.object_kind,
        r.object_id, r.channel_id, r.person_ids, r.before, r.after, host(r.address), r.request_id)::text
$$;

CREATE FUNCTION audit_chain() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    family CONSTANT integer := 61474;  -- of advisory locks: ours
    own CONSTANT smallint := pg_backend_pid() & 255;
    tail audit_head;
BEGIN
    FOR step IN 0..256 LOOP
        NEW.chain := (own + step) & 255;
        EXIT WHEN step < 256 AND pg_try_advisory_xact_lock(family, NEW.chain);
        IF step = 256 THEN  -- 256 transactions write at this very moment
            PERFORM pg_advisory_xact_lock(family, NEW.chain);
        END IF;
    END LOOP;
    SELECT * INTO tail FROM audit_head WHERE chain = NEW.chain;
    NEW.position := coalesce(tail.position, 0) + 1;
    NEW.hash := sha256(coalesce(tail.hash, ''::bytea) || convert_to(audit_canonical(NEW), 'UTF8'));
    INSERT INTO audit_head VALUES (NEW.chain, NEW.position, NEW.hash)
        ON CONFLICT (chain) DO UPDATE SET position = EXCLUDED.position, hash = EXCLUDED.hash;
    RETURN NEW;
END $$;
CREATE TRIGGER audit_record_is_chained BEFORE INSERT ON audit_record FOR EACH ROW EXECUTE FUNCTION audit_chain();

CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the trail is append-only: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
-- By row, because row triggers reach whoever names a partition itself.
CREATE TRIGGER audit_record_append_only BEFORE UPDATE OR DELETE ON audit_record
    FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_record_no_truncate BEFORE TRUNCATE ON audit_record
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_checkpoint_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_checkpoint
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_signing_key_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_signing_key
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();

-- Nobody but the chaining trigger writes heads.
CREATE FUNCTION audit_refuse_by_hand() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION 'heads follow from records: % on % by hand is refused', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER audit_head_not_by_hand BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON audit_head
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_by_hand();

-- The smallest UUIDv7 of a moment.
CREATE FUNCTION audit_floor_id(moment timestamp) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
    SELECT (lpad(to_hex((extract(epoch FROM moment) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
$$;

-- Makes the partition of a month unless it is there. Attaching, unlike creating in place, holds no writer up.
CREATE FUNCTION audit_ensure_month(month date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    part text := 'audit_record_' || to_char(month, 'YYYY_MM');
BEGIN
    IF to_regclass(part) IS NOT NULL THEN RETURN; END IF;
    PERFORM pg_advisory_xact_lock(61474, 256);
    IF to_regclass(part) IS NOT NULL THEN RETURN; END IF;
    EXECUTE format('CREATE TABLE %I (LIKE audit_record INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', part);
    EXECUTE format('ALTER TABLE audit_record ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', part,
        audit_floor_id(date_trunc('month', month::timestamp)),
        audit_floor_id(date_trunc('month', month::timestamp) + interval '1 month'));
    EXECUTE format('CREATE TRIGGER audit_record_no_truncate BEFORE TRUNCATE ON %I
        FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()', part);
    EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON %I FROM PUBLIC, CURRENT_USER', part);
END $$;

-- Where the service's role is no superuser, it may not even try.
REVOKE UPDATE, DELETE, TRUNCATE ON audit_record, audit_checkpoint, audit_signing_key FROM PUBLIC, CURRENT_USER;

SELECT audit_ensure_month((date_trunc('month', now() AT TIME ZONE 'UTC') + n * interval '1 month')::date)
    FROM generate_series(0, 3) AS n;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(TABLES, migrations.RunSQL.noop),
                migrations.RunSQL(RULES, migrations.RunSQL.noop),
            ],
            state_operations=[
                migrations.CreateModel(
                    name="RecordRow",
                    fields=[
                        ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                        ("act", models.CharField(max_length=60)),
                        ("actor_id", models.UUIDField(null=True)),
                        ("on_behalf_of_id", models.UUIDField(null=True)),
                        ("object_kind", models.CharField(blank=True, max_length=40)),
                        ("object_id", models.CharField(blank=True, max_length=100)),
                        ("channel_id", models.UUIDField(null=True)),
                        (
                            "person_ids",
                            django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None),
                        ),
                        ("before", models.JSONField(null=True)),
                        ("after", models.JSONField(null=True)),
                        ("address", models.GenericIPAddressField(null=True)),
                        ("request_id", models.UUIDField(null=True)),
                        ("chain", models.SmallIntegerField()),
                        ("position", models.BigIntegerField()),
                        ("hash", models.BinaryField()),
                    ],
                    options={
                        "db_table": "audit_record",
                        "indexes": [
                            models.Index(fields=["chain", "position"], name="audit_record_chain"),
                            models.Index(fields=["act", "id"], name="audit_record_act"),
                            models.Index(fields=["object_id", "id"], name="audit_record_object"),
                            models.Index(fields=["channel_id", "id"], name="audit_record_channel"),
                            django.contrib.postgres.indexes.GinIndex(
                                fields=["person_ids"], name="audit_record_persons"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HeadRow",
                    fields=[
                        ("chain", models.SmallIntegerField(primary_key=True, serialize=False)),
                        ("position", models.BigIntegerField()),
                        ("hash", models.BinaryField()),
                    ],
                    options={"db_table": "audit_head"},
                ),
                migrations.CreateModel(
                    name="SigningKeyRow",
                    fields=[
                        ("public", models.CharField(max_length=64, primary_key=True, serialize=False)),
                        ("sealed", models.BinaryField()),
                        ("made_at", models.DateTimeField()),
                    ],
                    options={"db_table": "audit_signing_key"},
                ),
                migrations.CreateModel(
                    name="CheckpointRow",
                    fields=[
                        ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                        ("at", models.DateTimeField()),
                        ("statement", models.TextField()),
                        ("signature", models.BinaryField()),
                        ("key", models.CharField(max_length=64)),
                    ],
                    options={"db_table": "audit_checkpoint"},
                ),
                migrations.CreateModel(
                    name="SignedRow",
                    fields=[
                        ("chain", models.SmallIntegerField(primary_key=True, serialize=False)),
                        ("position", models.BigIntegerField()),
                    ],
                    options={"db_table": "audit_signed"},
                ),
            ],
        ),
    ]
