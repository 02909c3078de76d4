# mypy: ignore-errors
"""Read by `odoo shell`, which defines `env`: prints the auditor's findings as one line of JSON."""

import json

companies = env["res.company"].search([])  # noqa: F821
audit = env["oms.audit"].with_context(allowed_company_ids=companies.ids)  # noqa: F821
print("OMS-AUDIT " + json.dumps(audit.run_audit(), default=str))
