from rpc_case import RpcCase

from odoo.tests import tagged

ACCESS_ERROR = {"code": 4, "status": 403}
USER_ERROR = {"code": 2, "status": 422}


@tagged("post_install", "-at_install")
class TestReturnAnalysis(RpcCase):
    def test_an_analysis_is_the_same_over_both(self):
        over_xml, over_json = self.both(
            self.shop, "oms.return", "analyze", group_by=["product", "reason"],
            domain=[["lot", "=", False]], period={"from": "2020-01-01"},
        )  # fmt: skip
        self.assertEqual(over_xml, over_json)
        self.assertEqual(over_xml["group_by"], ["product", "reason"])
        self.assertIn("waiting", over_xml)

    def test_wrong_questions_are_told_in_sentences(self):
        for wrong in (
            {"group_by": "colour"},
            {"group_by": "product", "domain": [["company_id", "=", 1]]},
            {"group_by": "product", "domain": [["product", "ilike", "a"]]},
            {"group_by": "product", "period": {"from": "yesterday"}},
        ):
            self.assert_refused(self.shop, "oms.return", "analyze", **wrong, **USER_ERROR)
