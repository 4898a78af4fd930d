"""The gateway's page that a tip leads to is only kept sealed."""

from django.db import migrations

from footlights.kernel.sealed_text import forgetting


class Migration(migrations.Migration):
    dependencies = [("giving", "0002_sealed_pages")]

    operations = forgetting("tiprow", "hosted_url")
