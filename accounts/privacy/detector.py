"""Contact details inside free text, and the words of a known name: what a masked reader must not find there.

Rather too much than too little: a run of seven digits is hidden though it may be an order's number, unless the text
says that it is one. Dates, times and our own ids are left alone, since hiding them would hide what a text is about.
"""

import re
import unicodedata
from collections.abc import Iterable

DOTS = "•••"

#: The sign of an address, also as people write it to fool programs: "ana (at) mail (dot) example".
AT = re.compile(r"\s?(?:[@＠]|[\[({]\s?at\s?[\])}])\s?", re.IGNORECASE)
_LOCAL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}$")
_DOMAIN = re.compile(r"[\w-]{1,63}(?:(?:\.|\s?[\[({]\s?dot\s?[\])}]\s?)[\w-]{1,63}){1,8}", re.IGNORECASE)
#: Seven to fifteen digits and more (a card, a bank account), with what people put between them.
PHONE = re.compile(r"(?<![\w])(?:\+|00)?\(?\d(?:[ \t\u00a0\u202f().\-/]{0,3}\d){6,}(?![\w])")
#: What consists of digits and is no number of a person.
SPARED = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"  # an id of ours
    r"|\b(?:19|20)\d\d-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?\b"  # 2026-11-01 12:00
    r"|\b\d{1,2}[./]\d{1,2}[./](?:19|20)\d\d\b"  # 1.11.2026
    r"|(?:\b(?:order|invoice|ticket|case|article) |#)#?\d+\b",  # named as what it is
    re.IGNORECASE,
)
_NUMBER_ALONE = re.compile(r"\+[\d ().\-/]{7,}")
#: Shorter words of a name are words of the language, too.
LEAST_LETTERS = 3


def mask_text(text: str, names: Iterable[str] = ()) -> str:
    """The text without addresses, telephone numbers, and the words of these names, however accented."""
    found = [*_addresses(text), *_numbers(text)]
    if words := _words(names):
        found += [match.span() for match in words.finditer(_folded(text))]
    return _without(text, found)


def is_contact(text: str) -> bool:
    """Whether an id is in truth an address or an international number: some companies know people by those."""
    return bool(_addresses(text)) or _NUMBER_ALONE.fullmatch(text.strip()) is not None


def _addresses(text: str) -> list[tuple[int, int]]:
    """From each sign outwards: one pattern for the whole would take the square of a long word's length."""
    found = []
    for sign in AT.finditer(text):
        local = _LOCAL.search(text[max(0, sign.start() - 64) : sign.start()])
        domain = _DOMAIN.match(text, sign.end())
        if local and domain:
            found.append((sign.start() - len(local[0]), domain.end()))
    return found


def _numbers(text: str) -> list[tuple[int, int]]:
    spared = [match.span() for match in SPARED.finditer(text)]
    return [
        match.span()
        for match in PHONE.finditer(text)
        if not any(start <= match.start() and match.end() <= end for start, end in spared)
    ]


def holds_name(text: str, names: Iterable[str]) -> bool:
    """Whether a word of the names is anywhere in the text, also inside a word, as in "sousa-family.example"."""
    folded = _folded(text)
    return any(word in folded for word in _parts(names))


def _parts(names: Iterable[str]) -> set[str]:
    words = {word for name in names for word in re.findall(r"\w+", _folded(name))}
    return {word for word in words if len(word) >= LEAST_LETTERS}


def _words(names: Iterable[str]) -> re.Pattern[str] | None:
    """Any of the words of the names, as a word of its own or with an ending ("Sousas", "Anas")."""
    kept = sorted(_parts(names), key=len, reverse=True)
    if not kept:
        return None
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, kept))})(?:'?s)?(?!\w)")


def _folded(text: str) -> str:
    """Without case and accents, and with every letter still at its place."""
    return "".join(_fold(letter) for letter in text)


def _fold(letter: str) -> str:
    if letter < "\x80":
        return letter.lower()
    base = unicodedata.normalize("NFD", letter)[0].lower()
    return base if len(base) == 1 else letter


def _without(text: str, spans: list[tuple[int, int]]) -> str:
    """The text with each stretch replaced by dots; those that overlap are one."""
    parts, place = [], 0
    for start, end in sorted(spans):
        if end <= place:
            continue
        if start >= place:
            parts += [text[place:start], DOTS]
        place = end
    return "".join([*parts, text[place:]])
