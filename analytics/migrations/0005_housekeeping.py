from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("analytics", "0004_kinds")]

    operations = [
        migrations.AddField("study", "archived_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("run", "removed_at", models.DateTimeField(blank=True, null=True)),
    ]
