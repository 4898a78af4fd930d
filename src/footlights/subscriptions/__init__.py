"""Memberships that are paid again and again: plans, periods, invoices. Who may watch is monetization's to say."""
