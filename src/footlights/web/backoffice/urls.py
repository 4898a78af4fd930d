"""For administrators. Everybody else finds nothing here: see footlights.web.access."""

from django.urls import path

from footlights.web.backoffice import home, jobs

app_name = "backoffice"
urlpatterns = [
    path("", home.home, name="home"),
    path("jobs", jobs.jobs, name="jobs"),
    path("jobs/<int:job_id>", jobs.job, name="job"),
    path("jobs/<int:job_id>/retry", jobs.retry, name="job_retry"),
    path("jobs/<int:job_id>/cancellation", jobs.cancel, name="job_cancel"),
]
