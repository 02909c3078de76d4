#!/usr/bin/env bash
# Makes the database where it is absent, brings the addon in it up to its sources, and gives
# the administrator the password in ODOO_ADMIN_PASSWORD while it still is Odoo's default.
set -euo pipefail
: "${ODOO_DATABASE:?}" "${ODOO_ADMIN_PASSWORD:?}"

odoo() {
    # The image's entry point adds the database's address from HOST, PORT, USER and PASSWORD.
    "${ODOO_ENTRYPOINT:-/entrypoint.sh}" odoo "$@"
}

odoo server --database="$ODOO_DATABASE" --init=oms_extension --update=oms_extension \
    --no-http --stop-after-init
odoo shell --database="$ODOO_DATABASE" --no-http --log-level=warn \
    < "$(dirname "$0")/admin_password.py"
