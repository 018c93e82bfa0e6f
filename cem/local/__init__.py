"""Private PostgreSQL and Redis under `var/`, and the supervisor that keeps the demo running.

Nothing outside this package knows whether the servers are embedded or separate: it hands over three
addresses (`DATABASE_URL`, `DATABASE_OWNER_URL`, `REDIS_URL`) and that is all.

Tried on Linux. macOS has neither `prctl` nor `/proc`: modules import there, but a supervisor killed with -9
leaves its servers behind, and nothing here has been run on it.
"""
