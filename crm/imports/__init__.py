"""Files of rows taken in: read, mapped, staged, and written set-based with true counts."""
