"""Inspected units go where the rules, or a person, want them: as moves of Odoo."""

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ....engine.returns import disposition as engine


class OmsReturnInspection(models.Model):
    _inherit = "oms.return.inspection"

    @api.model
    def _suggest(self, one, product, condition, reason, cause, line=None):
        """The disposition that the rules want for a unit.

        :param one: the return; ``line``: its line, if the unit belongs to one
        :return: ``engine.returns.disposition.Disposition``, and the unit as the engine saw it
        """
        rules = self.env["oms.return.disposition.rule"]._engine_rules(one.company_id)
        path = product.categ_id.parent_path or ""
        unit = engine.Unit(
            condition=condition,
            value=self._unit_value(one, product, line),
            categories=frozenset(int(part) for part in path.split("/") if part),
            reasons=frozenset((reason | cause).ids),
            fault=(cause or reason).fault or None,
        )
        return engine.dispose(unit, rules), unit

    @api.model
    def _unit_value(self, one, product, line=None):
        """What one unit is worth as new: its cost, or its price where no cost is known."""
        cost = product.sudo().with_company(one.company_id).standard_price
        if cost:
            return cost
        return line._unit_price() if line else product.with_company(one.company_id).lst_price

    def _decide(self, chosen=False):
        """Write down disposition, reason and value; what is left open goes into quarantine."""
        for one in self:
            line = one.return_line_id
            suggested, unit = self._suggest(
                one.return_id,
                one.product_id,
                one.condition or "d",
                line.reason_id,
                one.cause_id,
                line,
            )
            if one.problem != "none" and not chosen:
                disposition, share, text = (
                    "quarantine",
                    0.0,
                    self.env._("Not announced: customer service decides."),
                )
            elif not chosen or chosen == suggested.disposition:
                disposition = suggested.disposition
                share = suggested.rule.share if suggested.rule else 0.0
                text = suggested.rule.name if suggested.rule else self.env._("No rule fits.")
            else:
                rules = self.env["oms.return.disposition.rule"]._engine_rules(one.company_id)
                disposition = chosen
                share = engine.share_at(unit, chosen, rules)
                text = self.env._("Chosen by %s.", self.env.user.name)
            by_rule = suggested.rule if disposition == suggested.disposition else None
            one.with_context(oms_disposed=True).write(
                {
                    "disposition": disposition,
                    "disposition_text": text,
                    "rule_id": by_rule.id if by_rule and one.problem == "none" else False,
                    "value_recovered": one.currency_id.round(unit.value * share * one.quantity),
                }
            )

    def _dispose(self, contents, chosen=False):
        """Put units away for the first time.

        :param list contents: (product, lot, owner, units, place where they stand)
        :param chosen: a disposition that a person chose, false leaves it to the rules
        """
        self.ensure_one()
        self._decide(chosen)
        self._carry(contents)

    def _dispose_again(self, disposition):
        """Take the units from where they are to where a person wants them."""
        self.ensure_one()
        self.check_access("write")
        units = self.sudo()
        contents = units._contents()
        units._fetch_back()
        units._decide(disposition)
        units._carry(contents)

    def _contents(self):
        """What lies where: list of (product, lot, owner, units, place).

        :raise UserError: it has left the house
        """
        self.ensure_one()
        waiting = self.last_move_ids.filtered(lambda move: move.state not in ("done", "cancel"))
        lines = self.last_move_ids.move_line_ids
        if any(line.location_dest_id.usage == "customer" for line in lines - waiting.move_line_ids):
            raise UserError(
                self.env._("%s was sent back to the customer already.", self.display_name)
            )
        return [
            (
                line.product_id,
                line.lot_id,
                line.owner_id,
                line.quantity_product_uom,
                line.location_id if line.move_id in waiting else line.location_dest_id,
            )
            for line in lines
            if line.quantity_product_uom
        ]

    def _carry(self, contents):
        """Move units to the place of this disposition; they are in one of *Returns* by now."""
        self.ensure_one()
        self._check_there(contents)
        if self.disposition == "send_back":
            moves = self._send_back(contents)
        elif self.disposition == "scrap":
            moves = self._scrap(contents)
        else:
            moves = self._move([(*one, self._place_for(one)) for one in contents])
        self.last_move_ids = [Command.set(moves.ids)]

    def _place_for(self, content):
        """Where units of this disposition are kept, in the warehouse where they are."""
        product, _lot, _owner, units, place = content
        warehouse = place.warehouse_id or self.warehouse_id
        if self.disposition == "restock":
            return warehouse.lot_stock_id._get_putaway_strategy(product, quantity=units)
        return warehouse._oms_place_for(self.disposition)

    def _check_there(self, contents):
        """
        :raise UserError: the units are not there any more, or reserved for somebody
        """
        for product, lot, owner, units, place in contents:
            if not product.is_storable or place.usage != "internal":
                continue
            there = self.env["stock.quant"]._get_available_quantity(
                product, place, lot_id=lot or None, owner_id=owner or None, strict=True
            )
            if product.uom_id.compare(there, units) < 0:
                raise UserError(
                    self.env._(
                        "%(units)s × %(product)s are not free in %(place)s any more: they were "
                        "moved, sold or reserved.",
                        units=f"{units:g}",
                        product=product.display_name,
                        place=place.display_name,
                    )
                )

    def _move(self, contents):
        """Done moves of (product, lot, owner, units, from, to); none for what stays."""
        moves = self.env["stock.move"]
        values = []
        for product, lot, owner, units, place, target in contents:
            values.append(
                {
                    "product_id": product.id,
                    "product_uom": product.uom_id.id,
                    "product_uom_qty": units,
                    "location_id": place.id,
                    "location_dest_id": target.id,
                    "company_id": self.company_id.id,
                    "origin": self.return_id.name,
                    "oms_inspection_id": self.id,
                    "picked": True,
                    "move_line_ids": [
                        Command.create(
                            {
                                "product_id": product.id,
                                "product_uom_id": product.uom_id.id,
                                "quantity": units,
                                "location_id": place.id,
                                "location_dest_id": target.id,
                                "lot_id": lot.id,
                                "owner_id": owner.id,
                                "picked": True,
                            }
                        )
                    ],
                }
            )
        moves = moves.create(values)
        moves._action_done()
        return moves

    def _scrap(self, contents):
        scraps = self.env["stock.scrap"].create(
            [
                {
                    "product_id": product.id,
                    "product_uom_id": product.uom_id.id,
                    "scrap_qty": units,
                    "lot_id": lot.id,
                    "owner_id": owner.id,
                    "location_id": place.id,
                    "company_id": self.company_id.id,
                    "origin": self.return_id.name,
                }
                for product, lot, owner, units, place in contents
            ]
        )
        scraps.do_scrap()
        scraps.move_ids.oms_inspection_id = self
        return scraps.move_ids
