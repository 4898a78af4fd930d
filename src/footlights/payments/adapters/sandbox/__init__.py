"""The built-in sandbox gateway: a whole payment service in miniature, for trying things out and for tests.

It keeps its own tables, its own hosted page (web/gateway) and its own secret, and tells us of payments by signed
webhooks over HTTP, as an outside gateway would. Nothing here is real money.
"""
