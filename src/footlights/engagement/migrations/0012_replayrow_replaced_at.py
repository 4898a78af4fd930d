from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("engagement", "0011_caughtrow"),
    ]

    operations = [
        migrations.AddField(
            model_name="replayrow",
            name="replaced_at",
            field=models.DateTimeField(null=True),
        ),
    ]
