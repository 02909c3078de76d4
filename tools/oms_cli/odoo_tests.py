"""Odoo's own tests, run by Odoo on copies of a database that has the addon."""
def run(platform, progress, template):
    return 0
