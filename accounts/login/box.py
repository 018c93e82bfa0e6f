"""Secrets that must be read again, encrypted at rest with the secret key and those before it."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

__all__ = ["InvalidToken", "box"]


def box(purpose: str) -> MultiFernet:
    """The first key encrypts, all decrypt, so that SECRET_KEY can be rotated through SECRET_KEY_FALLBACKS.

    What is sealed for one purpose does not open for another.
    """
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_derived(purpose, key)) for key in keys])


def _derived(purpose: str, secret: str) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(f"{purpose}:{secret}".encode()).digest())
