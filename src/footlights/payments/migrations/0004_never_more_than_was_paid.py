"""What refunds add up to is kept by PostgreSQL, so that its constraint bounds them whoever writes them."""

from django.db import migrations

WHOLE = """
UPDATE payments_refund AS refund SET
    amount_minor = coalesce(payment.seen_amount_minor, payment.amount_minor),
    currency = CASE WHEN payment.seen_amount_minor IS NULL THEN payment.currency ELSE payment.seen_currency END,
    state = CASE WHEN refund.done_at IS NULL THEN 'asked' ELSE 'done' END
    FROM payments_payment AS payment WHERE payment.id = refund.payment_id;
UPDATE payments_payment AS payment SET
    returning_minor = refund.amount_minor,
    refunded_minor = CASE WHEN refund.state = 'done' THEN refund.amount_minor ELSE 0 END
    FROM payments_refund AS refund WHERE refund.payment_id = payment.id;

-- What was refunded at the gateway itself had no row.
INSERT INTO payments_refund (id, payment_id, idempotency_key, amount_minor, currency, state, gateway_ref, asked_at, done_at)
    SELECT id, id, 'before:' || id, coalesce(seen_amount_minor, amount_minor),
        CASE WHEN seen_amount_minor IS NULL THEN currency ELSE seen_currency END, 'done', '', state_at, state_at
    FROM payments_payment WHERE state = 'refunded' AND returning_minor = 0;
UPDATE payments_payment SET
    returning_minor = coalesce(seen_amount_minor, amount_minor), refunded_minor = coalesce(seen_amount_minor, amount_minor)
    WHERE state = 'refunded' AND returning_minor = 0;
"""

# The difference is added, not the sum set: of two at once the second sees the first one's row when it gets the lock.
RULE = """
CREATE FUNCTION payments_add_up_refunds() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    returning_before bigint := 0;
    refunded_before bigint := 0;
    returning_now bigint := 0;
    refunded_now bigint := 0;
BEGIN
    IF TG_OP <> 'INSERT' THEN
        returning_before := CASE WHEN OLD.state <> 'failed' THEN OLD.amount_minor ELSE 0 END;
        refunded_before := CASE WHEN OLD.state = 'done' THEN OLD.amount_minor ELSE 0 END;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        returning_now := CASE WHEN NEW.state <> 'failed' THEN NEW.amount_minor ELSE 0 END;
        refunded_now := CASE WHEN NEW.state = 'done' THEN NEW.amount_minor ELSE 0 END;
    END IF;
    UPDATE payments_payment SET
        returning_minor = returning_minor + returning_now - returning_before,
        refunded_minor = refunded_minor + refunded_now - refunded_before
        WHERE id = coalesce(NEW.payment_id, OLD.payment_id);
    RETURN NULL;
END $$;
CREATE TRIGGER payments_refund_adds_up AFTER INSERT OR UPDATE OR DELETE ON payments_refund
    FOR EACH ROW EXECUTE FUNCTION payments_add_up_refunds();
"""

# What is told already, and not heard yet, was told in the words of before.
TOLD = """
UPDATE procrastinate_jobs SET args = jsonb_set(args, '{event}', args -> 'event' || jsonb_build_object(
        'refund_id', args #> '{event,payment_id}', 'refunded', args #> '{event,amount}', 'charged', args #> '{event,amount}'))
    WHERE task_name = 'monetization.handlers.take_back_what_was_refunded' AND status IN ('todo', 'doing');
"""


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0003_methods_and_costs"),
        ("procrastinate", "0041_post_retry_failed_job"),
    ]
    operations = [
        migrations.RunSQL(WHOLE, migrations.RunSQL.noop),
        migrations.RunSQL(RULE, migrations.RunSQL.noop),
        migrations.RunSQL(TOLD, migrations.RunSQL.noop),
    ]
