"""The gateway's page that a purchase leads to is sealed."""

from django.db import migrations

from footlights.kernel.sealed_text import sealing


class Migration(migrations.Migration):
    dependencies = [("monetization", "0005_coupons"), ("kernel", "0002_index_key")]

    operations = sealing("monetization", "purchaserow", "hosted_url")
