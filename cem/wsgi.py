"""The web server's entry."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cem.settings")
application = get_wsgi_application()

from accounts.startup import refuse_unbound_role  # noqa: E402  (needs the app registry)

refuse_unbound_role()
