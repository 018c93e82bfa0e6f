"""An organization's own facts and its life: founded, changed, suspended, deleted."""
