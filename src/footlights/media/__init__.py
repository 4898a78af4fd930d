"""Uploads, probing, transcoding, packaging, content keys and stored pictures.

Knows files and people's ids, no titles.
"""
