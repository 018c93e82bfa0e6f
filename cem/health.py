from django.db import connection
from django.http import HttpRequest, JsonResponse

from accounts.access import PUBLIC, open_to


@open_to(PUBLIC)
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when this process reaches its database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})
