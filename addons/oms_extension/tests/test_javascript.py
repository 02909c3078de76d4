from odoo.tests import HttpCase, tagged

from odoo.addons.web.tests import test_js


@tagged("post_install", "-at_install")
class TestJavascript(HttpCase):
    """Runs the addon's own tests of its components in a browser."""

    def _run_suite(self, preset):
        suite = test_js.HOOTCommon._generate_hash(self, "@oms_extension")
        self.browser_js(
            f"/web/tests?headless&loglevel=2&preset={preset}&timeout=15000&id={suite}",
            "",
            "",
            login="admin",
            timeout=300,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=test_js.unit_test_error_checker,
        )

    def test_on_a_desktop(self):
        self._run_suite("desktop")

    def test_on_a_phone(self):
        self._run_suite("mobile")
