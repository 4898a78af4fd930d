"""Watching."""

from footlights.web.rules.needs import ANYBODY, PROOF, Surface

WATCH = Surface(
    needs={
        # Watching
        "watch:title": ANYBODY,
        "watch:speculation_rules": ANYBODY,
        "watch:embed": ANYBODY,
        "watch:oembed": ANYBODY,
        "watch:sessions": ANYBODY,  # may_watch decides
        "watch:licence": PROOF,
        "watch:trailer": ANYBODY,
        "watch:trailer_licence": ANYBODY,  # gives the keys of trailers alone
        "watch:beats": PROOF,
        "watch:stop": PROOF,
    },
    background=frozenset(
        {
            "watch:sessions",
            "watch:licence",
            "watch:trailer",
            "watch:trailer_licence",
            "watch:beats",
            "watch:stop",
        }
    ),
)
