"""What speaks for us in a dispute, as PayPal takes it: a form with a note, and the whole as a PDF when it is long."""

import json
import secrets
from pathlib import Path

import typst

NOTES_LENGTH_MAX = 2000
PAGE = Path(__file__).with_name("evidence.typ")


def as_form(evidence: str) -> tuple[bytes, str]:
    """Its body, and its content type (RFC 7578)."""
    notes = {"evidence_type": "OTHER", "notes": evidence[:NOTES_LENGTH_MAX]}
    parts = [_part("input", "application/json", json.dumps({"evidences": [notes]}).encode())]
    if len(evidence) > NOTES_LENGTH_MAX:
        document = bytes(typst.compile(PAGE.read_bytes(), sys_inputs={"evidence": evidence}))
        parts.append(_part("evidence-file", "application/pdf", document, "evidence.pdf"))
    boundary = secrets.token_hex(16).encode()
    body = b"".join(b"--" + boundary + b"\r\n" + part + b"\r\n" for part in parts)
    return body + b"--" + boundary + b"--\r\n", f"multipart/form-data; boundary={boundary.decode()}"


def _part(name: str, kind: str, content: bytes, filename: str = "") -> bytes:
    named = f'; filename="{filename}"' if filename else ""
    return f'Content-Disposition: form-data; name="{name}"{named}\r\nContent-Type: {kind}\r\n\r\n'.encode() + content
