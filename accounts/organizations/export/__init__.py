"""Everything of one organization in one ZIP, in open formats."""
