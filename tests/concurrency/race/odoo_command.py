"""Odoo's command line as a file: its server starts further processes by this file's name."""

import odoo.cli

if __name__ == "__main__":
    odoo.cli.main()
