"""What payees see of their money, alike for channels (in the studio) and for people (in their account)."""
