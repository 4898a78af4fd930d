"""Which invoices and credit notes Stripe Tax was told of, where the operator has it work out the taxes."""
