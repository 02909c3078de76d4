# mypy: ignore-errors
"""Read by `odoo shell`, which defines `env`: prints the auditor's findings as one line of JSON."""

import json

print("OMS-AUDIT " + json.dumps(env["oms.audit"].run_audit(), default=str))  # noqa: F821
