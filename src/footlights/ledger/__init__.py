"""The books: append-only double entry in integer minor units. Knows accounts by their codes, never what a sale is."""
