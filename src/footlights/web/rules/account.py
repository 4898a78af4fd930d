"""One's own account."""

from footlights.web.rules.needs import OWNER, PROOF, SIGNED_IN, TO_SEE, TO_SEND, Surface

ACCOUNT = Surface(
    needs={
        # One's own account
        "account:home": SIGNED_IN,
        "account:name": SIGNED_IN,
        "account:purchases": SIGNED_IN,
        "account:receipt": OWNER,
        "account:documents": SIGNED_IN,
        "account:document": OWNER,
        "account:document_pdf": OWNER,
        "account:billing": SIGNED_IN,
        "account:following": SIGNED_IN,
        "account:history": SIGNED_IN,
        "account:activity": SIGNED_IN,
        "account:payouts": SIGNED_IN,
        "account:payouts_asked": SIGNED_IN,
        "account:payouts_converted": SIGNED_IN,
        "account:payout_destination": SIGNED_IN,
        "account:payout_statement": SIGNED_IN,
        "account:tax_details": SIGNED_IN,
        "account:tax_details_copy": SIGNED_IN,
        "account:tax_details_erased": SIGNED_IN,
        "account:tax_figures": SIGNED_IN,
        "account:shares": SIGNED_IN,
        "account:share": OWNER,
        "account:share_signed": OWNER,
        "account:share_declined": OWNER,
        "account:share_link": PROOF,  # the link in the mail, and the address it went to
        "account:devices": SIGNED_IN,
        "account:prove_by_mail": SIGNED_IN,
        "account:go_on": SIGNED_IN,
    },
    proven={
        "account:payouts_asked": TO_SEND,
        "account:payouts_converted": TO_SEND,
        "account:payout_destination": TO_SEND,
        "account:tax_details": TO_SEE,
        "account:tax_details_copy": TO_SEE,
        "account:tax_details_erased": TO_SEND,
        "account:share_signed": TO_SEND,
        "account:go_on": TO_SEE,  # a form that waited for the proof
    },
)
