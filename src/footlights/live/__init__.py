"""Owns broadcasts: what is planned, who may send and who may watch, what is on air, and what becomes of it afterwards.

Never touches a stream: the ingest process does, and asks here.
"""
