"""Pages of this room: the respondent's (public) and the staff's."""
