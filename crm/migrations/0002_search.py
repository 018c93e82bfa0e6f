"""Customer search.

`crm_fold` makes texts comparable: without accents, lower case. IMMUTABLE is true of it as long as the unaccent
dictionary is the one named and its rules file stays as it is; a changed file needs REINDEX.

`crm_search_customers` is a way past row-level security, since ILIKE and trigram operators are not leakproof and so
never reach an index below a policy. It reads the organization from the setting, returns nothing when that is unset,
and returns ids only. Its rank is the order of its rows: exact ids and addresses, beginnings, parts of the name,
then names whose words are spelt alike.
"""

from django.db import migrations

# plpgsql, since an SQL function around a merely STABLE one is never inlined and costs three times as much a call.
FOLD = """
CREATE FUNCTION crm_fold(value text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
    RETURN pg_catalog.lower(public.unaccent('public.unaccent'::pg_catalog.regdictionary, value));
END
$$
"""

DIGITS = """
CREATE FUNCTION crm_reversed_digits(value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT pg_catalog.reverse(pg_catalog.regexp_replace(value, '[^0-9]', '', 'g'))
$$
"""

INDEXES = """
CREATE INDEX crm_customer_search_name ON crm_customer
    USING gin (organization_id, crm_fold(name) gin_trgm_ops) WHERE name <> '';
CREATE INDEX crm_customer_search_email ON crm_customer
    (organization_id, lower(email) text_pattern_ops) WHERE email <> '';
CREATE INDEX crm_customer_search_phone ON crm_customer
    (organization_id, crm_reversed_digits(phone) text_pattern_ops) WHERE phone <> '';
"""

DROP_INDEXES = """
DROP INDEX crm_customer_search_name;
DROP INDEX crm_customer_search_email;
DROP INDEX crm_customer_search_phone;
"""

# The library must be loaded before its setting can stand in a header.
SEARCH = r"""
SELECT public.show_limit();
CREATE FUNCTION crm_search_customers(query text, most int) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE ROWS 50 SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_custom_plan
SET pg_trgm.word_similarity_threshold = 0.45
AS $$
DECLARE
    org uuid := nullif(current_setting('app.organization_id', true), '')::uuid;
    wanted text := btrim(query);
    folded text := public.crm_fold(btrim(query));
    -- LIKE's own signs are letters here
    pattern text := replace(replace(replace(folded, '\', '\\'), '%', '\%'), '_', '\_');
    address text := replace(replace(replace(lower(wanted), '\', '\\'), '%', '\%'), '_', '\_');
    digits text := public.crm_reversed_digits(wanted);
    found uuid[] := '{}';
    more uuid[];
    words text[];
    least int := least(greatest(most, 0), 200);
BEGIN
    IF org IS NULL OR wanted = '' OR wanted IS NULL OR least = 0 THEN
        RETURN;
    END IF;

    -- 1. the very id, order number or e-mail address
    SELECT coalesce(array_agg(id ORDER BY rank, id), '{}') INTO found FROM (
        SELECT id, min(rank) AS rank FROM (
            SELECT c.id, 1 AS rank FROM public.crm_customer c
             WHERE c.organization_id = org AND c.external_id = wanted
            UNION ALL
            SELECT t.customer_id, 2 FROM public.crm_transaction t
             WHERE t.organization_id = org AND t.external_id = wanted
            UNION ALL
            (SELECT c.id, 3 FROM public.crm_customer c
              WHERE c.organization_id = org AND c.email <> '' AND lower(c.email) = lower(wanted) LIMIT least)
        ) exact GROUP BY id ORDER BY min(rank), id LIMIT least
    ) ranked;

    -- 2. the last digits of a phone number, when the query is one
    IF length(digits) >= 4 AND wanted ~ '^[-+0-9 ()./]+$' AND cardinality(found) < least THEN
        SELECT coalesce(array_agg(id ORDER BY length(phone), id), '{}') INTO more FROM (
            SELECT c.id, c.phone FROM public.crm_customer c
             WHERE c.organization_id = org AND c.phone <> '' AND NOT c.id = ANY (found)
               AND public.crm_reversed_digits(c.phone) LIKE digits || '%'
             LIMIT least - cardinality(found)
        ) matched;
        found := found || more;
    END IF;

    -- 3. how an e-mail address begins
    IF length(wanted) >= 3 AND wanted !~ '\s' AND cardinality(found) < least THEN
        SELECT coalesce(array_agg(id ORDER BY email, id), '{}') INTO more FROM (
            SELECT c.id, c.email FROM public.crm_customer c
             WHERE c.organization_id = org AND c.email <> '' AND NOT c.id = ANY (found)
               AND lower(c.email) LIKE address || '%'
             ORDER BY lower(c.email) USING OPERATOR(pg_catalog.~<~) LIMIT least - cardinality(found)
        ) matched;
        found := found || more;
    END IF;

    -- 4. part of a name; words that begin so come first. Two letters have no trigram to look up.
    IF length(folded) >= 3 AND cardinality(found) < least THEN
        SELECT coalesce(array_agg(id ORDER BY rank, name, id), '{}') INTO more FROM (
            SELECT id, name, rank FROM (
                SELECT c.id, c.name,
                       CASE WHEN public.crm_fold(c.name) = folded THEN 1
                            WHEN public.crm_fold(c.name) LIKE pattern || '%' THEN 2
                            WHEN public.crm_fold(c.name) LIKE '% ' || pattern || '%' THEN 3
                            ELSE 4 END AS rank
                  FROM public.crm_customer c
                 WHERE c.organization_id = org AND c.name <> '' AND NOT c.id = ANY (found)
                   AND public.crm_fold(c.name) LIKE '%' || pattern || '%'
                 LIMIT 500 -- a fragment that half of all names hold is not worth ranking whole
            ) candidates ORDER BY rank, name, id LIMIT least - cardinality(found)
        ) matched;
        found := found || more;
    END IF;

    -- 5. names in which each word (of the first three that are long enough) is spelt alike
    SELECT coalesce(array_agg(word), '{}') INTO words FROM (
        SELECT word FROM regexp_split_to_table(folded, '[^[:alnum:]]+') WITH ORDINALITY AS split (word, place)
         WHERE length(word) >= 3 AND word ~ '[^0-9]' ORDER BY place LIMIT 3
    ) long_enough;
    IF cardinality(words) > 0 AND cardinality(found) < least THEN
        SELECT coalesce(array_agg(id ORDER BY alike DESC, name, id), '{}') INTO more FROM (
            SELECT id, name, public.word_similarity(folded, fold) + public.similarity(folded, fold) AS alike
              FROM (
                SELECT c.id, c.name, public.crm_fold(c.name) AS fold
                  FROM public.crm_customer c
                 WHERE c.organization_id = org AND c.name <> '' AND NOT c.id = ANY (found)
                   AND public.crm_fold(c.name) OPERATOR(public.%>) words[1]
                   AND public.crm_fold(c.name) OPERATOR(public.%>) coalesce(words[2], words[1])
                   AND public.crm_fold(c.name) OPERATOR(public.%>) coalesce(words[3], words[1])
                 LIMIT 2000 -- so many alike are not worth ranking whole, and the time stays bounded
              ) candidates
             ORDER BY alike DESC, name, id LIMIT least - cardinality(found)
        ) matched;
        found := found || more;
    END IF;

    RETURN QUERY SELECT unnest(found);
END
$$
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_functions"), ("crm", "0001_initial")]

    operations = [
        migrations.RunSQL(FOLD, "DROP FUNCTION crm_fold(text)"),
        migrations.RunSQL(DIGITS, "DROP FUNCTION crm_reversed_digits(text)"),
        migrations.RunSQL(INDEXES, DROP_INDEXES),
        migrations.RunSQL(SEARCH, "DROP FUNCTION crm_search_customers(text, int)"),
    ]
