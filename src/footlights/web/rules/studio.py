"""A channel's own pages."""

from footlights.accounts.api import Permission
from footlights.web.rules.needs import PROOF, TO_SEND, Both, Surface

SEE_CHANNEL, EDIT_TITLES, EDIT_CHANNEL = Permission.SEE_CHANNEL, Permission.EDIT_TITLES, Permission.EDIT_CHANNEL

STUDIO = Surface(
    needs={
        # Studio
        "studio:home": SEE_CHANNEL,
        "studio:channel_new": Permission.OPEN_CHANNEL,
        "studio:channel_handle": Permission.OPEN_CHANNEL,
        "studio:channel_switch": SEE_CHANNEL,
        "studio:channel": EDIT_CHANNEL,
        "studio:channel_embedding": EDIT_CHANNEL,
        "studio:titles": SEE_CHANNEL,
        "studio:titles_bulk": EDIT_TITLES,
        "studio:titles_restored": EDIT_TITLES,
        "studio:title": Both(SEE_CHANNEL, EDIT_TITLES),
        "studio:title_saved": EDIT_TITLES,
        "studio:title_poster": EDIT_TITLES,
        "studio:title_captions": EDIT_TITLES,
        "studio:title_captions_item": EDIT_TITLES,
        "studio:title_price": Permission.SET_PRICES,
        "studio:title_visibility": EDIT_TITLES,
        "studio:title_publish": EDIT_TITLES,
        "studio:title_file": Both(SEE_CHANNEL, EDIT_TITLES),
        "studio:title_retry": EDIT_TITLES,
        "studio:title_trailer": EDIT_TITLES,
        "studio:title_trailer_state": EDIT_TITLES,
        "studio:title_trailer_retry": EDIT_TITLES,
        "studio:title_delete": EDIT_TITLES,
        "studio:title_restore": EDIT_TITLES,
        "studio:upload": EDIT_TITLES,
        "studio:upload_titles": EDIT_TITLES,
        "studio:price_preview": Permission.SET_PRICES,
        "studio:money": Permission.SEE_EARNINGS,
        "studio:sales": Permission.SEE_EARNINGS,
        "studio:sale": Permission.SEE_EARNINGS,
        "studio:sale_refund": Permission.REFUND_SALES,
        "studio:payouts": Permission.SEE_EARNINGS,
        "studio:payouts_asked": Permission.PAY_OUT,
        "studio:payout_destination": Permission.PAY_OUT,
        "studio:payout_statement": Permission.SEE_EARNINGS,
        "studio:documents": Permission.SEE_EARNINGS,
        "studio:document": Permission.SEE_EARNINGS,
        "studio:document_pdf": Permission.SEE_EARNINGS,
        "studio:seller": EDIT_CHANNEL,
        "studio:activity": Permission.SEE_ACTIVITY,
        "studio:team": SEE_CHANNEL,
        "studio:team_invitations": Permission.MANAGE_TEAM,
        "studio:team_invitation_withdrawn": Permission.MANAGE_TEAM,
        "studio:team_role": Permission.MANAGE_TEAM,
        "studio:team_removed": Permission.MANAGE_TEAM,
        "studio:team_left": SEE_CHANNEL,
        "studio:invitation": PROOF,  # the link in the mail, and the address it went to
    },
    proven={
        "studio:payouts_asked": TO_SEND,
        "studio:payout_destination": TO_SEND,
        "studio:seller": TO_SEND,
        "studio:team_invitations": TO_SEND,
        "studio:team_role": TO_SEND,
        "studio:team_removed": TO_SEND,
    },
)
