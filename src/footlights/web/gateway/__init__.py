"""Where payment gateways reach us (webhooks), and the sandbox gateway's own hosted page."""
