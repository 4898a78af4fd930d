from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('live', '0007_followers'),
    ]

    operations = [
        migrations.AddField(
            model_name='broadcastrow',
            name='latency',
            field=models.CharField(choices=[('standard', 'standard'), ('low', 'low')], default='standard', max_length=8),
        ),
    ]
