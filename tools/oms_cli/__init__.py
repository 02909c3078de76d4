"""The repository's own tooling: what `./oms` does, with the standard library alone.

From the bottom up: `problem`, `progress`, `process`, `workspace` and `ports` know nothing of
Odoo; `apt`, `system_packages`, `pythonenv`, `postgres` and `platform_odoo` each fetch or find one
part of the platform; `platform` puts the parts together; `database` and `server` use them; one
module in `commands` holds each command.
"""
