"""The audit trail: who did what, and who looked at whom. It is only ever added to."""
