"""Read by `odoo shell`, which defines `env`: replace the administrator's default password."""

import os

from odoo.exceptions import AccessDenied

admin = env.ref("base.user_admin")  # noqa: F821
try:
    credential = {"type": "password", "login": admin.login, "password": "admin"}
    admin.with_user(admin)._check_credentials(credential, {"interactive": False})
except AccessDenied:
    pass
else:
    admin.password = os.environ["ODOO_ADMIN_PASSWORD"]
    env.cr.commit()  # noqa: F821
