"""What names no domain noun and at least two contexts use: money, ids, clock, errors, events, jobs, storage, crypto."""
