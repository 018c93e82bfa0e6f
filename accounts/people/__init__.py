"""Who belongs to an organization: members, their roles, invitations to join."""
