"""Personal data in this room's models: none in the tables. Stored frames hold customer ids; see privacy.py."""

from accounts.privacy.marks import Kind

PERSONAL: dict[str, dict[str, Kind]] = {}
HARMLESS = {
    "analytics.Measure": {"key", "label", "plural"},
    "analytics.Study": {"name", "predictor", "outcome", "controls", "outcomes", "declared", "options"},
    "analytics.Run": {
        "step",
        "settings",
        "versions",
        "ledger",
        "frame_hash",
        "frame_path",
        "result",
        "error",
        "repeat",
        "parts",
    },
}
