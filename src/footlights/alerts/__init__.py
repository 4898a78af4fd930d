"""Notices what is unusual in what happens, and tells those who look after the service within seconds."""
