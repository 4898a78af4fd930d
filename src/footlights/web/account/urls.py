"""One's own account; signing in and up, passwords and addresses are django-allauth's addresses beside these."""

from django.urls import path

from footlights.web.account import activity, documents, payouts, shares, views
from footlights.web.account.following import following
from footlights.web.account.going_on import go_on
from footlights.web.account.mailed_proof import prove_by_mail

app_name = "account"
urlpatterns = [
    path("", views.home, name="home"),
    path("name", views.name, name="name"),
    path("purchases", views.purchases, name="purchases"),
    path("purchases/<uuid:purchase_id>", views.receipt, name="receipt"),
    path("documents", documents.documents, name="documents"),
    path("documents/<uuid:document_id>", documents.document, name="document"),
    path("documents/<uuid:document_id>/pdf", documents.pdf, name="document_pdf"),
    path("billing", documents.billing, name="billing"),
    path("following", following, name="following"),
    path("history", views.history, name="history"),
    path("activity", activity.activity, name="activity"),
    path("shares", shares.show, name="shares"),
    path("shares/<uuid:agreement_id>", shares.share, name="share"),
    path("shares/<uuid:agreement_id>/signed", shares.sign, name="share_signed"),
    path("shares/<uuid:agreement_id>/declined", shares.decline, name="share_declined"),
    path("shares/links/<str:token>", shares.link, name="share_link"),
    path("payouts", payouts.show, name="payouts"),
    path("payouts/asked", payouts.ask, name="payouts_asked"),
    path("payouts/converted", payouts.convert, name="payouts_converted"),
    path("payouts/destination", payouts.destination, name="payout_destination"),
    path("payouts/tax-details", payouts.tax_details, name="tax_details"),
    path("payouts/tax-details/copy", payouts.copy_tax_details, name="tax_details_copy"),
    path("payouts/tax-details/quarters", payouts.tax_figures, name="tax_figures"),
    path("payouts/tax-details/erased", payouts.erase_tax_details, name="tax_details_erased"),
    path("payouts/statement", payouts.download, name="payout_statement"),
    path("devices", views.devices, name="devices"),
    path("prove-by-mail", prove_by_mail, name="prove_by_mail"),
    path("go-on/<str:kept>", go_on, name="go_on"),
]
