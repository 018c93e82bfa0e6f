#!/bin/sh
# Runs once, when the database is first made: two roles, so that row-level security binds what serves.
set -eu
psql -v ON_ERROR_STOP=1 -v owner="$OWNER_PASSWORD" -v runtime="$RUNTIME_PASSWORD" \
     --username "${POSTGRES_USER:-postgres}" <<'SQL'
CREATE ROLE cem_owner LOGIN CREATEDB NOSUPERUSER NOBYPASSRLS PASSWORD :'owner';
CREATE ROLE cem_runtime LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE PASSWORD :'runtime';
CREATE DATABASE cem OWNER cem_owner ENCODING 'UTF8' TEMPLATE template0;
SQL
