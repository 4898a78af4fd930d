"""What pages tell people by mail of what happened elsewhere; each surface has its own."""

from footlights.web.payouts import telling  # noqa: F401  it subscribes
