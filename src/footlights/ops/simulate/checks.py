"""What must hold at the end of the month, asked of the database itself: not of the code that wrote it.

Each question finds what is wrong; nothing found is the answer wanted.
"""

from dataclasses import dataclass
from typing import Any

from django.db import connection

from footlights.sellers.api import quarters_in_the_union

FOUND_MAX = 5


@dataclass(frozen=True, slots=True)
class Answer:
    claim: str
    found: list[tuple[Any, ...]]

    @property
    def holds(self) -> bool:
        return not self.found


QUESTIONS = {
    "the books sum to zero in each currency": """
        select currency, sum(amount_minor) from ledger_posting group by currency having sum(amount_minor) <> 0
    """,
    "every balance is the sum of its postings": """
        select account, currency, kept.total, summed.total
        from (select account, currency, sum(amount_minor) as total from ledger_balance group by 1, 2) kept
        full join (select account, currency, sum(amount_minor) as total from ledger_posting group by 1, 2) summed
            using (account, currency)
        where coalesce(kept.total, 0) <> coalesce(summed.total, 0)
    """,
    "the books have what the gateway took, gave back, lost and sent": """
        with gateway as (
            select currency, charged_minor as minor from sandbox_gateway_sandboxcheckout where status = 'paid'
            union all select checkout.currency, -refund.amount_minor from sandbox_gateway_sandboxrefund refund
                join sandbox_gateway_sandboxcheckout checkout on checkout.id = refund.checkout_id
            union all select checkout.currency, -dispute.amount_minor from sandbox_gateway_sandboxdispute dispute
                join sandbox_gateway_sandboxcheckout checkout on checkout.id = dispute.checkout_id
                where dispute.status = 'lost'
            union all select currency, -amount_minor from sandbox_gateway_sandboxtransfer where status = 'paid'
        ), there as (select currency, sum(minor) as total from gateway group by currency),
        here as (
            select currency, sum(amount_minor) as total from ledger_posting
            where account in ('gateway:sandbox', 'gatewaycost:sandbox', 'dispute:sandbox') group by currency
        )
        select currency, there.total, here.total from there full join here using (currency)
        where coalesce(there.total, 0) <> coalesce(here.total, 0)
    """,
    "books match the gateway's: no difference is left": """
        select day::text, kind, reference, here_minor, there_minor from payments_difference where settled_at is null
    """,
    "every payment is decided": """
        select id, state, reference from payments_payment where state in ('opening', 'open', 'unknown')
    """,
    "every charge of the gateway is a payment that knows of it": """
        select checkout.id, payment.state from sandbox_gateway_sandboxcheckout checkout
        left join payments_payment payment on payment.id::text = checkout.merchant_reference
        where checkout.status = 'paid'
            and (payment.state is null or payment.state not in ('captured', 'refunded', 'flagged'))
    """,
    "every payment that was captured paid for something, once": """
        select payment.id, payment.reference, payment.state, count(journal.id) from payments_payment payment
        left join ledger_journal journal on journal.cause = payment.reference || ':paid'
            or journal.cause = payment.reference || ':unneeded'
        where payment.state in ('captured', 'refunded')
            and split_part(payment.reference, ':', 1) in ('purchase', 'tip', 'gift')
        group by payment.id having count(journal.id) <> 1
    """,
    "nothing was booked as sold without a charge": """
        select journal.cause from ledger_journal journal
        left join payments_payment payment on journal.cause = payment.reference || ':paid'
        where journal.cause ~ '^(purchase|tip|gift):[^:]+:paid$'
            and (payment.state is null or payment.state not in ('captured', 'refunded'))
    """,
    "whoever paid may watch, and whoever has the money back may not": """
        select purchase.id, purchase.state, entitlement.revoked_at from monetization_purchase purchase
        left join monetization_entitlement entitlement on entitlement.purchase_id = purchase.id
        where (purchase.state = 'paid' and (entitlement.id is null))
            or (purchase.state = 'refunded' and entitlement.id is not null and entitlement.revoked_at is null)
            or (purchase.state not in ('paid', 'refunded') and entitlement.id is not null)
    """,
    "what a broadcast that did not take place brought has all gone back, unless a bank decided": """
        select purchase.id, purchase.state, purchase.refunded_minor from monetization_purchase purchase
        join monetization_event event on event.id = purchase.broadcast_id and event.given_back_at is not null
        left join payments_dispute dispute on dispute.payment_id = purchase.payment_id
        where dispute.id is null and (purchase.state not in ('refunded', 'declined')
            or purchase.refunded_minor <> case when purchase.paid_at is null then 0 else purchase.amount_minor end)
    """,
    "whoever gave a ticket to what did not take place has all of it back, unless a bank decided": """
        select gift.id, gift.state, gift.refunded_minor from giving_gift gift
        join monetization_event event on event.id = gift.broadcast_id and event.given_back_at is not null
        left join payments_dispute dispute on dispute.payment_id = gift.payment_id
        where dispute.id is null and (gift.state not in ('refunded', 'declined')
            or gift.refunded_minor <> case when gift.paid_at is null then 0 else gift.amount_minor end)
    """,
    "every ticket was given back once at most": """
        select purchase.id, sum(refund.amount_minor), purchase.amount_minor from monetization_purchase purchase
        join payments_refund refund on refund.payment_id = purchase.payment_id and refund.state = 'done'
        where purchase.broadcast_id is not null
        group by purchase.id having sum(refund.amount_minor) > purchase.amount_minor
    """,
    "what the platform bears of discounts is what its coupons took off": """
        with borne as (
            select currency, borne_minor - refunded_borne_minor as minor from monetization_purchase
                where paid_at is not null
            union all select currency, borne_minor - borne_minor * refunded_minor / amount_minor
                from subscriptions_invoice where paid_at is not null
        ), said as (select currency, sum(minor) as total from borne group by currency),
        booked as (
            select currency, sum(amount_minor) as total from ledger_posting where account = 'platform:coupons'
            group by currency
        )
        select currency, said.total, booked.total from said full join booked using (currency)
        where coalesce(said.total, 0) <> coalesce(booked.total, 0)
    """,
    "what counted towards a season is what was taken off its price": """
        select purchase.id, purchase.credit_minor, sum(part.credit_minor) from monetization_purchase purchase
        left join monetization_part part on part.purchase_id = purchase.id
        group by purchase.id having purchase.credit_minor <> coalesce(sum(part.credit_minor), 0)
    """,
    "whoever has a season may watch all of it, and what counted is theirs by its own purchase": """
        select purchase.id, place.title_id from monetization_purchase purchase
        join catalog_collectiontitle place on place.collection_id = purchase.collection_id
        left join monetization_entitlement entitlement on entitlement.purchase_id = purchase.id
            and entitlement.title_id = place.title_id and entitlement.revoked_at is null
        left join monetization_part part on part.purchase_id = purchase.id and part.title_id = place.title_id
            and part.counted_id is not null
        where purchase.state = 'paid' and (entitlement.id is null) = (part.id is null)
    """,
    "whoever opened a gift may watch, and whose giver has the money back may not": """
        select gift.id, gift.state, entitlement.revoked_at from giving_gift gift
        left join monetization_grant granted on granted.cause = 'gift:' || gift.id
            or (gift.collection_id is not null and granted.cause like 'gift:' || gift.id || ':%')
        left join monetization_entitlement entitlement on entitlement.id = granted.entitlement_id
        where (gift.redeemed_at is null) <> (entitlement.id is null)
            or (entitlement.id is not null and (gift.state = 'refunded') <> (entitlement.revoked_at is not null))
    """,
    "whoever was given a season may watch all of it": """
        select given.cause, place.title_id from monetization_given_collection given
        join catalog_collectiontitle place on place.collection_id = given.collection_id
        left join monetization_grant granted on granted.cause = given.cause || ':' || place.title_id
        left join monetization_entitlement entitlement on entitlement.id = granted.entitlement_id
        where given.revoked_at is null and (entitlement.id is null or entitlement.revoked_at is not null)
    """,
    "nobody watches with a press code more often than it says, nor two screenings of a title at once": """
        select screening.code_id, screening.title_id, count(*) from monetization_screening screening
        join monetization_press_code code on code.id = screening.code_id
        join monetization_press_pass press on press.id = code.press_id
        left join monetization_screening other on other.code_id = screening.code_id
            and other.title_id = screening.title_id and other.id > screening.id
        where code.redeemed_at is null or screening.began_at >= press.ends_at
            or screening.number > press.watches_max or other.began_at < screening.ends_at
        group by 1, 2
    """,
    "what is kept for gifts is what waits to be opened": """
        select gift.id, gift.state, gift.redeemed_at, kept.total from giving_gift gift
        left join (
            select account, currency, sum(amount_minor) as total from ledger_posting
            where account like 'gift:%' group by 1, 2
        ) kept on kept.account = 'gift:' || gift.id and kept.currency = gift.currency
        where coalesce(-kept.total, 0) <> case
            when gift.state = 'paid' and gift.redeemed_at is null
            then gift.amount_minor - gift.tax_minor - gift.refunded_minor + gift.refunded_tax_minor else 0 end
    """,
    "what a bank took for good was taken out of what it had paid for": """
        select dispute.id, payment.reference from payments_dispute dispute
        join payments_payment payment on payment.id = dispute.payment_id
        left join subscriptions_attempt attempt on attempt.payment_id = payment.id
        left join ledger_journal journal on journal.cause = case when attempt.id is null
            then payment.reference || ':paid:refunded:' || dispute.id
            else 'invoice:' || attempt.invoice_id || ':refund:' || dispute.id end
        where dispute.state = 'lost' and payment.state = 'captured' and attempt.is_unneeded is not true
            and journal.id is null
    """,
    "what waits for a bank is what a bank decides about": """
        select 'purchase', purchase.id::text from monetization_entitlement held
        join monetization_purchase purchase on purchase.id = held.purchase_id
        where held.held_at is not null and held.revoked_at is null and not exists (
            select from payments_dispute where payment_id = purchase.payment_id and state = 'open')
        union all
        select 'membership', held.cause from monetization_membership held
        where held.held_at is not null and held.ended_at is null and not exists (
            select from payments_dispute dispute
            join subscriptions_attempt attempt on attempt.payment_id = dispute.payment_id
            join subscriptions_invoice invoice on invoice.id = attempt.invoice_id
            where dispute.state = 'open' and held.cause = 'subscription:' || invoice.subscription_id)
    """,
    "no coupon was used more often than it may be, and each use is somebody's": """
        select coupon.id, coupon.used, coupon.uses_max, count(redemption.id) from monetization_coupon coupon
        left join monetization_redemption redemption on redemption.coupon_id = coupon.id
            and redemption.state in ('reserved', 'used')
        group by coupon.id having coupon.used > coupon.uses_max or coupon.used <> count(redemption.id)
    """,
    "what was taken off a sale is what its coupon says": """
        select purchase.id, purchase.discount_minor, coupon.percent_bps, coupon.amount_minor
        from monetization_purchase purchase
        left join monetization_redemption redemption on redemption.purchase_id = purchase.id
        left join monetization_coupon coupon on coupon.id = redemption.coupon_id
        cross join lateral (select coalesce(purchase.chosen_minor, purchase.list_minor) as minor) base
        where purchase.discount_minor <> 0 and (coupon.id is null
            or purchase.discount_minor > base.minor * coupon.percent_bps / 10000.0 + 0.5
            or (coupon.most_minor is null
                and purchase.discount_minor < base.minor * coupon.percent_bps / 10000.0 - 0.5)
            or (coupon.currency = purchase.currency and purchase.discount_minor > coupon.most_minor)
            or (coupon.currency = purchase.currency and coupon.amount_minor is not null
                and purchase.discount_minor <> least(base.minor, coupon.amount_minor)))
    """,
    "who shares in a title has of each sale what was agreed": """
        select purchase.id, purchase.shared_minor, party.bps from monetization_purchase purchase
        join splits_agreement agreement on agreement.subject_id = purchase.title_id
            and agreement.in_force_from <= purchase.created_at
        join splits_party party on party.agreement_id = agreement.id
        where purchase.paid_at is not null and abs(purchase.shared_minor
            - (purchase.amount_minor + purchase.borne_minor - purchase.tax_minor - purchase.fee_minor)
                * party.bps / 10000.0) > 1
    """,
    "what was taken off a membership is what its coupon says": """
        select invoice.id, invoice.price_minor, invoice.discount_minor from subscriptions_invoice invoice
        join subscriptions_subscription subscription on subscription.id = invoice.subscription_id
        left join monetization_redemption redemption on redemption.id = subscription.id
        left join monetization_coupon coupon on coupon.id = redemption.coupon_id
        cross join lateral (
            select (invoice.price_minor + invoice.discount_minor) * coupon.percent_bps / 10000.0 as off
        ) said
        where invoice.discount_minor > 0 and (coupon.id is null
            or coupon.most_minor is null and abs(invoice.discount_minor - said.off) > 0.5
            or invoice.discount_minor > said.off + 0.5
            or coupon.currency = invoice.currency and invoice.discount_minor > coupon.most_minor)
    """,
    "what the pass holds is what is not shared and what was carried": """
        with kept as (
            select 'pass:' || terms.plan_id as account, invoice.currency, money.amount_minor as minor
            from subscriptions_pass_money money join subscriptions_invoice invoice on invoice.id = money.invoice_id
            join subscriptions_terms terms on terms.id = invoice.terms_id where money.shared_in_id is null
            union all (select distinct on (plan_id, currency) 'pass:' || plan_id, currency, carried_minor
                from subscriptions_pass_month order by plan_id, currency, month desc)
        ), here as (select account, currency, sum(minor) as total from kept group by 1, 2),
        booked as (
            select account, currency, -sum(amount_minor) as total from ledger_posting where account like 'pass:%'
            group by 1, 2
        )
        select account, currency, here.total, booked.total from here full join booked using (account, currency)
        where coalesce(here.total, 0) <> coalesce(booked.total, 0)
    """,
    "each month of the pass is somebody's, to the last unit": """
        select month.month, month.currency, month.fee_minor + month.shared_minor, sum(share.amount_minor)
        from subscriptions_pass_month month left join subscriptions_pass_share share on share.of_id = month.id
        group by month.id having month.fee_minor + month.shared_minor <> coalesce(sum(share.amount_minor), 0)
    """,
    "nobody has two living subscriptions of one channel": """
        select subscriber_id, channel_id, count(*) from subscriptions_subscription where state <> 'ended'
        group by 1, 2 having count(*) > 1
    """,
    "no period of a subscription is paid twice": """
        select subscription_id, period_start, count(*) from subscriptions_invoice
        where state = 'paid' and not is_change group by 1, 2 having count(*) > 1
    """,
    "nothing was earned of a subscription before it was paid": """
        select account, currency, sum(amount_minor) from ledger_balance where account like 'deferred:%'
        group by 1, 2 having sum(amount_minor) > 0
    """,
    "what is set aside to be paid out is what waits to be": """
        with waiting as (
            select currency, sum(amount_minor) as total from payouts_payout where state in ('waiting', 'asked')
            group by currency
        ), booked as (
            select currency, -sum(amount_minor) as total from ledger_posting where account = 'payout:due'
            group by currency
        )
        select currency, waiting.total, booked.total from waiting full join booked using (currency)
        where coalesce(waiting.total, 0) <> coalesce(booked.total, 0)
    """,
    "whoever owes the tax themselves paid none, and why is kept with each such sale": """
        with reversed as (
            select 'purchase:' || id as reference, tax_minor from monetization_purchase where tax_reversed
            union all select 'period:' || id, tax_minor from subscriptions_invoice where tax_reversed
        )
        select reversed.reference, tax_minor from reversed
        left join taxes_reverse_charge kept on kept.reference = reversed.reference
        where tax_minor <> 0 or kept.reference is null
    """,
    "what is owed as tax is what the documents say": """
        with said as (
            select lower(concat_ws('-', country, nullif(region, ''))) as place, currency, sum(tax_minor) as total
            from invoicing_line where tax_minor <> 0 group by 1, 2
        ), booked as (
            select substring(account from 5) as place, currency, -sum(amount_minor) as total
            from ledger_posting where account like 'tax:%' group by 1, 2
        )
        select place, currency, said.total, booked.total from said full join booked using (place, currency)
        where coalesce(said.total, 0) <> coalesce(booked.total, 0)
    """,
    "every webhook that came was looked into": """
        select id, event_id from payments_gateway_event where handled_at is null
    """,
    "no job was given up": """
        select task_name, args from procrastinate_jobs where status = 'failed'
    """,
}

# What only a time of many days can answer.
OF_MANY_DAYS = {
    "each day was held against the gateway's own account": """
        select day::date::text, 'was not compared' from generate_series(
            (select min(captured_at)::date from payments_payment),
            (select max(captured_at)::date from payments_payment), interval '1 day'
        ) day where not exists (select from payments_reconciled_day compared
            where compared.day = day::date and compared.compared_until is null)
        union all select 'no payment', 'was compared'
            where (select coalesce(sum(matched), 0) from payments_reconciled_day) = 0
    """,
}


# What was credited to those who said who they are, and the platform's share of the same sales.
CREDITED = """
    with said as (
        select 'creator:' || channel.id as account from catalog_channel channel
            join accounts_taxpayer taxpayer on taxpayer.person_id = channel.owner_id
        union all select 'person:' || person_id from accounts_taxpayer
    ), sold as (
        select line.account, line.amount, line.currency, said.account is not null as is_theirs,
            bool_or(said.account is not null) over (partition by journal.id, line.currency) as has_theirs
        from ledger_journal journal
        cross join unnest(accounts, amounts, currencies) as line(account, amount, currency)
        left join said on said.account = line.account
        where not starts_with(cause, 'payout:')
    )
    select currency,
        coalesce(-sum(amount) filter (where is_theirs), 0)::bigint,
        coalesce(-sum(amount) filter (where account = 'platform:fees'), 0)::bigint
    from sold where has_theirs group by currency order by currency
"""
YEARS = "select distinct extract(year from at at time zone 'UTC')::int from ledger_journal order by 1"


def ask_all(*, of_many_days: bool = False) -> list[Answer]:
    questions = QUESTIONS | OF_MANY_DAYS if of_many_days else QUESTIONS
    with connection.cursor() as cursor:
        return [*(_ask(cursor, claim, sql) for claim, sql in questions.items()), _ask_of_reports(cursor)]


def _ask_of_reports(cursor: Any) -> Answer:
    """Whoever says who they are in the month lives in the European Union, so its report tells of them all."""
    cursor.execute(YEARS)
    told: dict[str, list[int]] = {}
    for (year,) in cursor.fetchall():
        for seller in quarters_in_the_union(year):
            sums = told.setdefault(seller.currency, [0, 0])
            for index, name in enumerate(("credited", "fees_charged")):
                sums[index] += sum(amount.amount_minor for amount in seller.amounts(name))
    cursor.execute(CREDITED)
    booked = {currency: [credited, fees] for currency, credited, fees in cursor.fetchall()}
    found = [(code, told.get(code), booked.get(code)) for code in sorted({*told, *booked})]
    return Answer(
        "what tax offices are told of sellers is what the books say", [each for each in found if each[1] != each[2]]
    )


def _ask(cursor: Any, claim: str, sql: str) -> Answer:
    cursor.execute(sql)
    return Answer(claim, cursor.fetchmany(FOUND_MAX))
