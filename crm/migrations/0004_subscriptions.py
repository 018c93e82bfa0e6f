"""Subscriptions that start, are renewed and are cancelled, as kinds of transactions."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("crm", "0003_priority_and_team_scope")]

    operations = [
        migrations.AlterField(
            model_name="transaction",
            name="kind",
            field=models.CharField(
                choices=[
                    ("order", "Order"),
                    ("refund", "Refund"),
                    ("cancellation", "Cancellation"),
                    ("subscription_start", "Subscription started"),
                    ("subscription_renewal", "Subscription renewed"),
                    ("subscription_cancel", "Subscription cancelled"),
                ],
                default="order",
                max_length=24,
            ),
        ),
    ]
