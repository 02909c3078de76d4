"""Callers of the public methods, as real clients over real HTTP."""

import xmlrpc.client
from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, new_test_user

from odoo.addons.oms_extension.tests.common import OmsCase


class RpcCase(HttpCase, OmsCase):
    """Two warehouses with tea and cups, and an account for each kind of caller."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.network("IT", "DE")
        cls.tea = cls.product("Tea", default_code="TEA", stock={"IT": 20})
        cls.cup = cls.product("Cup", default_code="CUP", stock={"DE": 10})
        cls.shop = cls.account("rpc_shop", "oms_extension.group_integrator")

    def setUp(self):
        super().setUp()
        # What a test makes is gone after it, and with it the keys.
        self.keys = {}

    @classmethod
    def account(cls, login, groups, company=None, **values):
        company = company or cls.company
        return new_test_user(
            cls.env,
            login,
            groups,
            password=f"{login}-secret",
            company_id=company.id,
            company_ids=[fields.Command.set(company.ids)],
            **values,
        )

    def key(self, user):
        """An API key of a user, made once in a test."""
        if user not in self.keys:
            keys = self.env(user=user)["res.users.apikeys"].sudo()
            expires = fields.Datetime.now() + timedelta(days=1)
            self.keys[user] = keys._generate("rpc", "test", expires)
        return self.keys[user]

    def xmlrpc(self, user, model, method, *args, **kwargs):
        """A call over XML-RPC; raises ``xmlrpc.client.Fault``."""
        self.env.flush_all()
        return self.xmlrpc_object.execute_kw(
            self.env.cr.dbname, user.id, self.key(user), model, method, list(args), kwargs
        )

    def json2(self, user, model, method, **arguments):
        """(status, answer) of a call over JSON-2."""
        self.env.flush_all()
        response = self.url_open(
            f"/json/2/{model}/{method}",
            json=arguments,
            headers={"Authorization": f"bearer {self.key(user)}"},
        )
        return response.status_code, response.json()

    def both(self, user, model, method, *ids, **arguments):
        """The answers of the same call over XML-RPC and JSON-2."""
        over_xml = self.xmlrpc(user, model, method, *([list(ids)] if ids else []), **arguments)
        status, over_json = self.json2(
            user, model, method, **({"ids": list(ids)} if ids else {}), **arguments
        )
        self.assertEqual(status, 200, over_json)
        return over_xml, over_json

    def assert_refused(self, user, model, method, *ids, code, status, **arguments):
        """The call is refused over both, without a trace of our code over XML-RPC."""
        # Odoo's assertRaises undoes what is written within it.
        self.key(user)
        with self.assertRaises(xmlrpc.client.Fault) as refusal:
            self.xmlrpc(user, model, method, *([list(ids)] if ids else []), **arguments)
        self.assertEqual(refusal.exception.faultCode, code, refusal.exception.faultString)
        self.assertNotIn("Traceback", refusal.exception.faultString)
        answered, _body = self.json2(
            user, model, method, **({"ids": list(ids)} if ids else {}), **arguments
        )
        self.assertEqual(answered, status)

    @staticmethod
    def sent(reference, **values):
        return {
            "reference": reference,
            "source": "web",
            "customer": {
                "name": "Ada Neri",
                "email": "ada.rpc@example.com",
                "street": "Via Po 1",
                "city": "Torino",
                "postcode": "10121",
                "country": "IT",
            },
            "lines": [{"sku": "TEA", "quantity": 2, "unit_price": 8.5}],
        } | values
