"""Personal data in this room's models. Masking, export, erasure and the audit trail read these marks."""

from accounts.privacy.marks import Kind

PERSONAL = {
    "crm.Customer": {
        "external_id": Kind.ID,
        "name": Kind.NAME,
        "email": Kind.EMAIL,
        "phone": Kind.PHONE,
        "attributes": Kind.JSON,
    },
    "crm.Employee": {"external_id": Kind.ID, "name": Kind.NAME, "email": Kind.EMAIL},
    "crm.Case": {"subject": Kind.TEXT},
    "crm.Interaction": {"external_id": Kind.ID, "subject": Kind.TEXT, "properties": Kind.JSON},
    "crm.Transaction": {"external_id": Kind.ID, "description": Kind.TEXT, "properties": Kind.JSON},
    # A refused row may be quoted in it.
    "crm.ImportRun": {"error": Kind.TEXT},
}
HARMLESS = {
    "crm.Customer": {"segment", "country", "language"},
    "crm.Case": {"reason", "source", "root_cause"},
    "crm.Company": {"external_id", "name"},
    "crm.ImportRun": {"kind", "file_name", "file_hash", "mapping", "errors_file"},
    "crm.Interaction": {"measures"},
    "crm.Team": {"external_id", "name"},
    "crm.Touchpoint": {"key", "name", "stage"},
    "crm.Transaction": {"currency", "channel"},
}
