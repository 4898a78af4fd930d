"""PayPal: approval on its own page by redirect, kept wallets, refunds, disputes, and Payouts to the accounts of payees.

What our references became is found again by them: as `custom_id` and `invoice_id`, and as the id of each request. There
is no library in between: PayPal's own knows neither disputes, payouts nor webhooks.
"""
