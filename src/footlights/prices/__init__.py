"""What a price is in another currency: dated rates, pleasant amounts, and what a creator agreed to."""
