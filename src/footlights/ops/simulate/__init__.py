"""A month of trade in an installation of its own: ways to sell, all that goes wrong, and books that are right.

Owns the people who buy, the faults, the clock that runs ahead, and the questions asked at the end. It calls the doors
that pages call, pays on the sandbox gateway's page, and lets the same jobs run.
"""
