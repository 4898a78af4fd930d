"""What is for sale, who bought what, and the one decision who may watch. Money itself moves in payments and ledger."""
