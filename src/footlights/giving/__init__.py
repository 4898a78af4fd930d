"""Owns what people give: tips to channels, and gifts to each other. Never decides who may watch."""
