"""The gateway's page that a tip leads to is sealed."""

from django.db import migrations

from footlights.kernel.sealed_text import sealing


class Migration(migrations.Migration):
    dependencies = [("giving", "0001_initial"), ("kernel", "0002_index_key")]

    operations = sealing("giving", "tiprow", "hosted_url")
