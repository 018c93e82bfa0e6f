"""The database engine `cem.lib.db`: PostgreSQL with two roles, row-level security and a guard in front of it."""
