"""Every text that users see is translated into each language that the addon brings."""

import io
from pathlib import Path

import polib

from odoo.tests import TransactionCase, tagged
from odoo.tools.translate import trans_export

I18N = Path(__file__).parents[1] / "i18n"
# OCA's format leaves a translation empty where it would repeat the text.
SAME = {
    "it": {
        *("%(hours)s h %(minutes)s min", "%s kg", "%s km", "%s min", "kg", "km"),
        *("%(title)s (%(reason)s)", "%s h", "E-mail", "File", "Token", "Webhook"),
        *("ID", "Record", "X-Signature", "sha256="),
        *("message_id", "order_id", "shipment_id", "'%s' % object.name"),
        *("%(condition)s: %(effect)s", "%(product)s: %(text)s", "CSV", "SKU", "XLSX", "id", "no"),
        "<small>Natural Earth, GeoNames</small>",
    }
}


@tagged("post_install", "-at_install")
class TestTranslations(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        exported = io.BytesIO()
        trans_export(False, ["oms_extension"], exported, "po", cls.env)
        cls.terms = polib.pofile(exported.getvalue().decode())

    def test_the_template_lists_the_texts_of_today(self):
        template = I18N / "oms_extension.pot"
        if template.exists():
            listed = {entry.msgid for entry in polib.pofile(str(template))}
            self.assertEqual(listed, {entry.msgid for entry in self.terms})

    def test_each_language_translates_every_text(self):
        for catalogue in sorted(I18N.glob("*.po")):
            with self.subTest(language=catalogue.stem):
                translated = {
                    entry.msgid
                    for entry in polib.pofile(str(catalogue))
                    if entry.translated() and not entry.obsolete
                }
                known = translated | SAME.get(catalogue.stem, set())
                missing = [entry.msgid for entry in self.terms if entry.msgid not in known]
                self.assertFalse(missing)
