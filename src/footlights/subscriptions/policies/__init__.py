"""The rules of subscriptions, pure: when periods end, what a change costs, what is earned by when, what may follow."""
