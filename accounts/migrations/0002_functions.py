"""Functions of the database.

`cem_uuid7` gives bulk SQL the same kind of id as `cem.lib.ids.uuid7` (PostgreSQL 15 has none of its own).
`accounts_resolve_api_key` is a way past row-level security, so it is small: a hash in, an organization id out.
Default privileges (cem/lib/db/grants.py) keep PUBLIC from executing either.
"""

from django.contrib.postgres.operations import BtreeGinExtension, TrigramExtension, UnaccentExtension
from django.db import migrations

UUID7 = """
CREATE FUNCTION cem_uuid7() RETURNS uuid LANGUAGE sql VOLATILE PARALLEL SAFE AS $$
    -- 48 bits of milliseconds, then random bits, with version 7 set over the version 4 of gen_random_uuid
    SELECT encode(
        set_bit(set_bit(
            overlay(uuid_send(gen_random_uuid()) PLACING
                substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3)
                FROM 1 FOR 6),
            52, 1), 53, 1), 'hex')::uuid
$$
"""

RESOLVE_API_KEY = """
CREATE FUNCTION accounts_resolve_api_key(digest bytea) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT k.organization_id
      FROM public.accounts_apikey k
      JOIN public.accounts_organization o ON o.id = k.organization_id
     WHERE k.hash = digest AND k.revoked_at IS NULL AND o.is_active
       AND (k.expires_at IS NULL OR k.expires_at > now())
$$
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        TrigramExtension(),
        UnaccentExtension(),
        BtreeGinExtension(),
        migrations.RunSQL(UUID7, "DROP FUNCTION cem_uuid7()"),
        migrations.RunSQL(RESOLVE_API_KEY, "DROP FUNCTION accounts_resolve_api_key(bytea)"),
    ]
