"""Stripe: hosted Checkout by redirect, kept methods, refunds, disputes, and Connect accounts that earnings are sent to.

Cards are seen by Stripe alone. What our references became is found again by them: as metadata, or as idempotency keys.
"""
