"""Rooms: what people say, vote and ask while they watch together. Python decides here; nats-server carries."""
