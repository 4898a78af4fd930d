"""Payouts: where earnings are sent, how much of them may go, who says yes, what became of it. Earns nothing."""
