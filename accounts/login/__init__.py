"""Getting in: django-allauth with our rules. Email and password, a second step, sessions, password reset."""
