"""The table of the analysis as a file."""

import base64
import csv
from io import BytesIO, StringIO

import xlsxwriter

from odoo import api, fields, models
from odoo.exceptions import UserError

KINDS = ("csv", "xlsx")
RISKY = ("=", "+", "-", "@", "\t", "\r")


class OmsReturn(models.Model):
    _inherit = "oms.return"

    @api.model
    @api.readonly
    def analysis_export(self, group_by, domain=None, period=None, kind="xlsx"):
        """All groups of :meth:`analyze` as a file.

        :param kind: ``csv`` or ``xlsx``
        :return: dict ``name`` and ``content`` (base64)
        """
        if kind not in KINDS:
            raise UserError(self.env._("Export as one of %s.", ", ".join(KINDS)))
        answer = self.analyze(group_by, domain, period, limit=0)
        head = [
            self.env._("Group"), self.env._("Delivered"), self.env._("Returned"),
            self.env._("Rate"), self.env._("Low"), self.env._("High"), self.env._("Raw Rate"),
            self.env._("Maturity"), self.env._("Lines"), self.env._("Cost"),
            self.env._("Cost per Return"), self.env._("Margin"),
            self.env._("Margin after Returns"), self.env._("Main Reason"),
        ]  # fmt: skip
        rows = [_row(one) for one in answer["groups"]]
        data = _csv(head, rows) if kind == "csv" else _xlsx(head, rows)
        day = fields.Date.context_today(self)
        name = f"returns-{'-'.join(answer['group_by'])}-{day}.{kind}"
        return {"name": name, "content": base64.b64encode(data).decode()}


def _row(one):
    low, high = one["interval"] or (False, False)
    values = [
        one["name"], one["sold"], one["returned"], one["rate"], low, high, one["raw_rate"],
        one["maturity"], one["sample"], one["cost"], one["cost_per_return"], one["margin"],
        one["margin_after_returns"], one["reasons"][0]["name"] if one["reasons"] else "",
    ]  # fmt: skip
    return ["" if value is False else value for value in values]


def _csv(head, rows):
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(head)
    for row in rows:
        # A name that a spreadsheet would take for a formula stays a name.
        writer.writerow([f"'{v}" if isinstance(v, str) and v.startswith(RISKY) else v for v in row])
    return text.getvalue().encode("utf-8-sig")


def _xlsx(head, rows):
    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet()
    bold, share, money = (
        book.add_format(one)
        for one in ({"bold": True}, {"num_format": "0.0%"}, {"num_format": "0.00"})
    )
    formats = [None, None, None, share, share, share, share, share, None, *[money] * 4, None]
    sheet.set_column(0, 0, 40)
    sheet.set_column(1, len(head), 14)
    for column, text in enumerate(head):
        sheet.write_string(0, column, text, bold)
    for line, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(line, column, value)
            else:
                sheet.write_number(line, column, value, formats[column])
    sheet.freeze_panes(1, 1)
    book.close()
    return buffer.getvalue()
