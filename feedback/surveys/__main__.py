"""`python -m feedback.surveys` writes the published JSON Schema anew from the code."""

import json
from pathlib import Path

from .document import schema

PUBLISHED = Path(__file__).with_name("schema.json")

if __name__ == "__main__":
    PUBLISHED.write_text(json.dumps(schema(), indent=1, ensure_ascii=False, sort_keys=True) + "\n", "utf-8")
