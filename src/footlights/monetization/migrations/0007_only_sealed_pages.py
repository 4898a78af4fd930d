"""The gateway's page that a purchase leads to is only kept sealed."""

from django.db import migrations

from footlights.kernel.sealed_text import forgetting


class Migration(migrations.Migration):
    dependencies = [("monetization", "0006_sealed_pages")]

    operations = forgetting("purchaserow", "hosted_url")
