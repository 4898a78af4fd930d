"""Becoming a member of a channel; one's own memberships and cards. Asks subscriptions for all about money."""
