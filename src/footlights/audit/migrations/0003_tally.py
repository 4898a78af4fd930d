from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_signing_keys_can_be_sealed_anew")]
    operations = [
        migrations.CreateModel(
            name="TallyRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("minute", models.DateTimeField()),
                ("name", models.CharField(max_length=40)),
                ("subject", models.CharField(max_length=100)),
                ("count", models.IntegerField()),
                ("told", models.IntegerField()),
            ],
            options={
                "db_table": "audit_tally",
                "indexes": [
                    models.Index(
                        condition=models.Q(told__lt=models.F("count")), fields=["id"], name="audit_tally_fresh"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("minute", "name", "subject"), name="audit_tally_one_a_minute")
                ],
            },
        ),
    ]
