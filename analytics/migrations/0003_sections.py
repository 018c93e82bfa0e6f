from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("analytics", "0002_schedule")]

    operations = [
        migrations.AddField("study", "outcomes", models.JSONField(blank=True, default=list)),
        migrations.AddField("study", "declared", models.JSONField(blank=True, default=list)),
        migrations.AddField("run", "parts", models.JSONField(blank=True, default=dict)),
    ]
