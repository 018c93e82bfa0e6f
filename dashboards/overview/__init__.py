"""The page a manager begins with: headline figures, what changed, what links stand."""
