from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import consteq

from ...tracking.shipment import new_token
from .photo import BadPhoto, cleaned

KEPT = timedelta(hours=24)
PHOTOS_PER_LINE = 6
PHOTOS_PER_DAY = 60
"""Of one order, however many requests are begun."""
DRAFTS_PER_DAY = 30


class OmsReturnDraft(models.Model):
    """A request that a customer is writing on the page: what was chosen so far, and its photos.

    What is not sent is forgotten after a day, photos and all.
    """

    _name = "oms.return.draft"
    _description = "Return being Written"
    _rec_name = "token"

    token = fields.Char(required=True, readonly=True, default=lambda self: new_token())
    order_id = fields.Many2one("sale.order", required=True, index=True, ondelete="cascade")
    lines = fields.Json(required=True)
    """List of dicts ``line`` (id), ``quantity``, ``reason``, ``outcome``, ``exchange``,
    ``comment``, ``photos`` (attachment ids)."""
    return_id = fields.Many2one("oms.return", ondelete="cascade", index="btree_not_null")

    _token_unique = models.UniqueIndex("(token)")

    @api.model
    def _begin(self, order, quantities):
        """A new draft.

        :param dict quantities: order line id → units
        :raise UserError: too many were begun
        """
        if self.search_count([("order_id", "=", order.id), *self._today()]) >= DRAFTS_PER_DAY:
            raise UserError(self.env._("Too many tries for today. Please write to us."))
        lines = [{"line": line, "quantity": units} for line, units in quantities.items()]
        return self.create({"order_id": order.id, "lines": lines})

    @api.model
    def _of(self, order, token):
        """The draft of a proven order with this token, else an empty record set."""
        found = self.search([("order_id", "=", order.id)], order="id desc", limit=DRAFTS_PER_DAY)
        return found.filtered(lambda one: consteq(one.token, str(token or "")))

    @api.model
    def _today(self):
        return [("create_date", ">", fields.Datetime.now() - KEPT)]

    # --- photos -------------------------------------------------------------------------------

    def _photos(self):
        """All photos of this draft, as attachments."""
        return self.env["ir.attachment"].search(
            [("res_model", "=", self._name), ("res_id", "in", self.ids)], order="id"
        )

    def _add_photos(self, files, before):
        """Keep photos from a form.

        :param files: uploads (werkzeug's ``FileStorage``)
        :param before: ids of the line's photos so far
        :return: (ids of all photos of the line, what was wrong or an empty text)
        """
        self.ensure_one()
        kept, problem = list(before), ""
        files = [one for one in files if one.filename]
        if len(files) > PHOTOS_PER_LINE - len(kept):
            problem = self.env._("At most %s photos of each product.", PHOTOS_PER_LINE)
        drafts = self.search([("order_id", "=", self.order_id.id)])
        room = PHOTOS_PER_DAY - len(drafts._photos())
        for upload in files[: max(min(PHOTOS_PER_LINE - len(kept), room), 0)]:
            try:
                picture = cleaned(upload.stream)
            except BadPhoto as error:
                problem = {
                    "large": self.env._("A photo is too large: send one of at most 15 MB."),
                    "kind": self.env._("A file is no photo that we can open: send a JPEG or PNG."),
                }[error.code]
                continue
            kept.append(
                self.env["ir.attachment"]
                .create(
                    {
                        # Never the name that the visitor's file had.
                        "name": f"photo-{len(kept) + 1}.jpg",
                        "raw": picture,
                        "mimetype": "image/jpeg",
                        "res_model": self._name,
                        "res_id": self.id,
                        "public": False,
                    }
                )
                .id
            )
        if room <= 0 and files:
            problem = self.env._("Too many photos for today. Go on without, or write to us.")
        return kept, problem

    def _drop_photo(self, photo_id):
        """Forget one photo of this draft."""
        photo = self._photos().filtered(lambda one: one.id == photo_id)
        self.lines = [
            line | {"photos": [one for one in line.get("photos", []) if one != photo.id]}
            for line in self.lines
        ]
        photo.unlink()

    @api.ondelete(at_uninstall=True)
    def _unlink_photos(self):
        self._photos().unlink()

    @api.autovacuum
    def _gc(self):
        """Forget what was not sent."""
        self.search([("create_date", "<", fields.Datetime.now() - KEPT)], limit=1000).unlink()
