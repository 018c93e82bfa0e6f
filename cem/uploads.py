"""Files that come in with a form: bounded while they are read, wherever a form is posted."""

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler


class Bounded(FileUploadHandler):
    """Counts the bytes of all files of a request, and stops reading when they are too many.

    Django bounds how many files there are, and their number only: without this, any address that takes a form fills
    the disk of whoever serves it. First in the list, it hands on what it counted.
    """

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.taken = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.taken += len(raw_data)
        if self.taken > settings.UPLOAD_MAX_MB * 1_000_000:
            raise RequestDataTooBig(f"The files are larger than {settings.UPLOAD_MAX_MB} MB together.")
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """None: another handler keeps the file."""
