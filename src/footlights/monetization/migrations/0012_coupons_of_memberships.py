from django.db import migrations, models

import footlights.monetization.records

KEYS = """
alter table monetization_redemption add column id uuid;
update monetization_redemption set id = purchase_id;
alter table monetization_redemption drop constraint monetization_redemption_pkey,
    alter column id set not null, alter column purchase_id drop not null;
alter table monetization_redemption add primary key (id), add unique (purchase_id);
"""


class Migration(migrations.Migration):
    """A coupon may be for memberships, and a redemption a subscription's: its key is that of whichever uses it."""

    dependencies = [
        ("monetization", "0011_tax_owed_by_buyers"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(KEYS)],
            state_operations=[
                migrations.AddField("redemptionrow", "id", models.UUIDField(primary_key=True, serialize=False)),
                migrations.AlterField(
                    "redemptionrow",
                    "purchase",
                    models.OneToOneField(
                        null=True,
                        on_delete=models.deletion.PROTECT,
                        related_name="redemption",
                        to="monetization.purchaserow",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name='couponrow',
            name='covers',
            field=models.CharField(choices=[(footlights.monetization.records.Covers['SALES'], footlights.monetization.records.Covers['SALES']), (footlights.monetization.records.Covers['MEMBERSHIPS'], footlights.monetization.records.Covers['MEMBERSHIPS'])], default=footlights.monetization.records.Covers['SALES'], max_length=11),
        ),
        migrations.AddField(
            model_name='couponrow',
            name='interval',
            field=models.CharField(blank=True, default='', max_length=5),
        ),
        migrations.AddField(
            model_name='couponrow',
            name='periods',
            field=models.SmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='couponrow',
            name='plan_id',
            field=models.UUIDField(null=True),
        ),
        migrations.AddConstraint(
            model_name='couponrow',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('covers', footlights.monetization.records.Covers['SALES']), ('interval', ''), ('periods__isnull', True), ('plan_id__isnull', True)), models.Q(models.Q(('periods__isnull', True), models.Q(('periods__gte', 1), ('periods__lte', 36)), _connector='OR'), ('covers', footlights.monetization.records.Covers['MEMBERSHIPS']), ('interval__in', ['', 'month', 'year']), ('title_id__isnull', True)), _connector='OR'), name='monetization_coupon_covers'),
        ),
    ]
