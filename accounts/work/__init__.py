"""Work that outlives a request: the outbox it is owed in, the task that does it, the lease it is done under."""
