"""The gateway's page that a membership leads to is only kept sealed."""

from django.db import migrations

from footlights.kernel.sealed_text import forgetting


class Migration(migrations.Migration):
    dependencies = [("subscriptions", "0002_sealed_pages")]

    operations = forgetting("subscriptionrow", "hosted_url")
