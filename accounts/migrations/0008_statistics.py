"""The planner's figures of tables that an import has just filled.

Only a table's owner may ANALYZE it (PostgreSQL 17 has a privilege for it, 15 has not), and autovacuum looks about once
a minute: a study asked for in between would be planned for empty tables. What it does harms nobody, whichever table
is named, and nothing is returned.
"""

from django.db import migrations

REFRESH = """
CREATE FUNCTION accounts_refresh_statistics(tables text[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    one text;
BEGIN
    FOREACH one IN ARRAY tables LOOP
        EXECUTE pg_catalog.format('ANALYZE (SKIP_LOCKED) public.%I', one);
    END LOOP;
END
$$
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_erased_identities")]

    operations = [
        migrations.RunSQL(REFRESH, "DROP FUNCTION accounts_refresh_statistics(text[])"),
    ]
