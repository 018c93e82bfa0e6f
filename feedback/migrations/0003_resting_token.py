"""`feedback_token_rests` is asked only about a token that leads nowhere: whether its organization rests."""

from django.db import migrations

TOKEN_RESTS = """
CREATE FUNCTION feedback_token_rests(digest bytea) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM public.accounts_organization o
         WHERE NOT o.is_active
           AND o.id = coalesce(
               (SELECT l.organization_id FROM public.feedback_surveylink l WHERE l.hash = digest),
               (SELECT i.organization_id FROM public.feedback_invitation i WHERE i.hash = digest)))
$$
"""


class Migration(migrations.Migration):
    dependencies = [("feedback", "0002_functions"), ("accounts", "0005_export_suspension_teams")]

    operations = [migrations.RunSQL(TOKEN_RESTS, "DROP FUNCTION feedback_token_rests(bytea)")]
