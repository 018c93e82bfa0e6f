"""An organization's own accent colour, accepted only where it can be read.

It colours what can be pressed, never a datum and never an answer scale. White words stand on it, and links in it
stand on the light grounds, so both must reach WCAG's 4.5. On dark grounds no colour does both; there the product's
own accent stays.
"""

from django.core.exceptions import ValidationError

from cem.lib.look import flat

LEAST = 4.5
GROUNDS = ("--bg", "--sunken", "--hover")


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb`, as WCAG 2.2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG contrast ratio of two colours `#rrggbb`."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def check_accent(colour: str) -> None:
    """Raises ValidationError where words in or on the colour could not be read."""
    light = flat("light")
    worst = min(contrast(colour, light[ground]) for ground in GROUNDS)
    if worst < LEAST:
        raise ValidationError(
            f"{colour} reaches a contrast of {worst:.1f} on the light grounds; links and buttons need {LEAST}. "
            "Choose a darker shade."
        )


def mixed(colour: str, other: str, share: float) -> str:
    """`share` of the colour, the rest of the other."""
    pairs = [(int(colour[at : at + 2], 16), int(other[at : at + 2], 16)) for at in (1, 3, 5)]
    return "#" + "".join(f"{round(share * a + (1 - share) * b):02x}" for a, b in pairs)


def accent_css(colour: str) -> str:
    """The tokens of the accent over those of tokens.css; the dark half stays the product's own."""
    dark = flat("dark")
    values = {
        "--accent": colour,
        "--accent-hover": mixed(colour, "#000000", 0.8),
        "--accent-soft": mixed(colour, "#ffffff", 0.09),
        "--on-accent": "#ffffff",
        "--focus": colour,
    }
    return (
        ":root{"
        + "".join(f"{name}:light-dark({value},{dark[name]});" for name, value in values.items())
        + "}"
    )
