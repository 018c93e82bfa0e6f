"""The secret that a provider gave us: encrypted in its row, read for one request at a time."""

from accounts.login.box import InvalidToken, box

from .refusals import SignOnError

_PURPOSE = "single sign-on"


def seal(secret: str) -> str:
    return box(_PURPOSE).encrypt(secret.encode()).decode() if secret else ""


def unseal(sealed: str) -> str:
    if not sealed:
        return ""
    try:
        return box(_PURPOSE).decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise SignOnError(
            "The client secret of this connection cannot be read any more, since SECRET_KEY was changed. "
            "Enter it anew in the connection."
        ) from None
