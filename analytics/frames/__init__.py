"""Raw rows of an organization to one tidy, lag-safe table for one study."""
