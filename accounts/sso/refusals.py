from accounts.refusal import Refused


class SignOnError(Refused):
    """The provider could not be asked, or its answer is not to be believed. The message is for people."""


class NotAdmitted(SignOnError):
    """The provider's answer is genuine, but whom it names does not get in."""

    def __init__(self, reason: str, email: str = "") -> None:
        super().__init__(reason)
        self.email = email
