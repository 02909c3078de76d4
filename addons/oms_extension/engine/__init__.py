"""The science of the addon: typed Python from the standard library, no Odoo, no input or output."""
