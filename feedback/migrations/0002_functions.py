"""What the database itself holds to.

`feedback_resolve_token` is a way past row-level security, so it is small: a survey token's hash in, an organization
id out. It cannot read the setting as other definer functions do, since it is what finds the organization.
`feedback_version_frozen` keeps a published version as it was, whoever asks.
"""

from django.db import migrations

RESOLVE_TOKEN = """
CREATE FUNCTION feedback_resolve_token(digest bytea) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT o.id
      FROM public.accounts_organization o
     WHERE o.is_active
       AND o.id = coalesce(
           (SELECT l.organization_id FROM public.feedback_surveylink l WHERE l.hash = digest),
           (SELECT i.organization_id FROM public.feedback_invitation i WHERE i.hash = digest))
$$
"""

VERSION_FROZEN = """
CREATE FUNCTION feedback_version_frozen() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'version % of survey % is published and never changes; make a new version',
        OLD.number, OLD.survey_id USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE TRIGGER feedback_version_frozen BEFORE UPDATE ON feedback_surveyversion FOR EACH ROW
WHEN (OLD.published_at IS NOT NULL AND (OLD.*) IS DISTINCT FROM (NEW.*))
EXECUTE FUNCTION feedback_version_frozen()
"""
DROP_FROZEN = """
DROP TRIGGER feedback_version_frozen ON feedback_surveyversion;
DROP FUNCTION feedback_version_frozen()
"""


class Migration(migrations.Migration):
    dependencies = [("feedback", "0001_initial"), ("accounts", "0002_functions")]

    operations = [
        migrations.RunSQL(RESOLVE_TOKEN, "DROP FUNCTION feedback_resolve_token(bytea)"),
        migrations.RunSQL(VERSION_FROZEN, DROP_FROZEN),
    ]
