"""`/api/v1/`: the rooms' endpoints put together, their schema and its page."""
