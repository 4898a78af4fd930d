"""The trail: who did what, to what, when and from where. Written once, chained, signed; never changed."""
