"""The settings pages of an organization, below /o/<slug>/settings/."""
