"""Broadcasts as viewers see them, and the hooks by which the ingest asks the house."""
