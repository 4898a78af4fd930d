"""For administrators. Everybody else finds nothing here: see footlights.web.access."""

from django.urls import path

from footlights.web.backoffice import alerts, home, jobs, payments, people, roles, search, titles, trail, view_as, works

app_name = "backoffice"
urlpatterns = [
    path("", home.home, name="home"),
    path("search", search.search, name="search"),
    path("settings", home.settings, name="settings"),
    path("people", people.people, name="people"),
    path("people/<uuid:person_id>", people.person, name="person"),
    path("people/<uuid:person_id>/unmasking", people.unmask, name="person_unmasked"),
    path("people/<uuid:person_id>/roles", roles.give, name="role_given"),
    path("people/<uuid:person_id>/roles/taken", roles.take, name="role_taken"),
    path("titles", titles.titles, name="titles"),
    path("titles/<uuid:title_id>", titles.title, name="title"),
    path("titles/<uuid:title_id>/retry", titles.retry, name="title_retry"),
    path("titles/<uuid:title_id>/as/<slug:who>", view_as.title_as, name="title_as"),
    path("payments", payments.payments, name="payments"),
    path("payments/<uuid:payment_id>", payments.payment, name="payment"),
    path("payments/<uuid:payment_id>/refund", payments.refund, name="refund"),
    path("trail", trail.trail, name="trail"),
    path("trail/export", trail.trail_export, name="trail_export"),
    path("trail/<uuid:record_id>", trail.trail_record, name="trail_record"),
    path("alerts", alerts.alerts, name="alerts"),
    path("alerts/banner", alerts.banner, name="alerts_banner"),
    path("alerts/runbook", alerts.runbook, name="alerts_runbook"),
    path("alerts/destinations", alerts.destinations, name="alert_destinations"),
    path("alerts/destinations/<uuid:destination_id>/try", alerts.try_out, name="alert_destination_try"),
    path("alerts/destinations/<uuid:destination_id>/removal", alerts.remove, name="alert_destination_remove"),
    path("alerts/silences/<uuid:silence_id>/end", alerts.hear_again, name="alert_silence_end"),
    path("alerts/<uuid:alert_id>", alerts.alert, name="alert"),
    path("alerts/<uuid:alert_id>/acknowledgement", alerts.acknowledge, name="alert_acknowledge"),
    path("alerts/<uuid:alert_id>/silence", alerts.silence, name="alert_silence"),
    path("works", works.works, name="works"),
    path("jobs", jobs.jobs, name="jobs"),
    path("jobs/<int:job_id>", jobs.job, name="job"),
    path("jobs/<int:job_id>/retry", jobs.retry, name="job_retry"),
    path("jobs/<int:job_id>/cancellation", jobs.cancel, name="job_cancel"),
]
