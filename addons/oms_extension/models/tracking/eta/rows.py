"""Parcels read from the database with all that tells about their arrival, in one statement.

Times come as days since 1970-01-01 in the local time of the warehouse, else of the company, because
arrival is counted in days of the calendar on the wall.
"""

from datetime import date, datetime, timedelta

from odoo import fields
from odoo.tools import SQL

EPOCH = datetime(1970, 1, 1)
LOCAL = "EXTRACT(EPOCH FROM {} AT TIME ZONE 'UTC' AT TIME ZONE place.tz)::float8 / 86400"
COMMON = f"""
              place.tz, {LOCAL.format("%(now)s::timestamp")} AS now,
              country.id AS country_id, country.code AS country,
              state.id AS state_id, state.code AS state_code,
              warehouse.id AS warehouse, home.code AS home,
              NULLIF(warehouse.oms_latitude, 0) AS from_latitude,
              NULLIF(warehouse.oms_longitude, 0) AS from_longitude,
              partner.partner_latitude AS latitude, partner.partner_longitude AS longitude
"""
JOINS = """
    LEFT JOIN stock_warehouse warehouse ON warehouse.id = {warehouse}
    LEFT JOIN res_partner address ON address.id = warehouse.partner_id
    LEFT JOIN res_country home ON home.id = address.country_id
    LEFT JOIN res_partner company_partner ON company_partner.id = company.partner_id
   CROSS JOIN LATERAL (SELECT COALESCE(NULLIF(warehouse.oms_tz, ''),
                                       NULLIF(company_partner.tz, ''), 'UTC') AS tz) place
"""
SHIPMENTS = f"""
       SELECT shipment.id, shipment.state, shipment.company_id AS company,
              shipment.oms_carrier_id AS carrier, shipment.carrier_id AS service,
              shipment.zip, shipment.city,
              {LOCAL.format("shipment.ordered_at")} AS ordered,
              {LOCAL.format("COALESCE(shipment.shipped_at, shipment.first_scan_at)")} AS handed,
              {LOCAL.format("shipment.state_at")} AS since,
              {LOCAL.format("shipment.delivered_at")} AS delivered,
              {LOCAL.format("shipment.promised_at")} AS due,
              {COMMON}
         FROM oms_shipment shipment
         JOIN res_company company ON company.id = shipment.company_id
    LEFT JOIN res_country country ON country.id = shipment.country_id
    LEFT JOIN res_country_state state ON state.id = shipment.country_state_id
    LEFT JOIN res_partner partner ON partner.id = shipment.partner_id
         {JOINS.format(warehouse="shipment.warehouse_id")}
        WHERE %(where)s
"""
ALLOCATED = f"""
       SELECT parcel.id, 'pending' AS state, parcel.company_id AS company,
              service.oms_carrier_id AS carrier, parcel.carrier_id AS service,
              partner.zip, partner.city,
              {LOCAL.format("sale.date_order")} AS ordered,
              {LOCAL.format("parcel.ship_at")} AS handed,
              NULL::float8 AS since, NULL::float8 AS delivered,
              {LOCAL.format("parcel.deliver_at")} AS due,
              {COMMON}
         FROM oms_allocation_parcel parcel
         JOIN sale_order sale ON sale.id = parcel.order_id
         JOIN res_company company ON company.id = parcel.company_id
    LEFT JOIN delivery_carrier service ON service.id = parcel.carrier_id
    LEFT JOIN res_partner partner ON partner.id = sale.partner_shipping_id
    LEFT JOIN res_country country ON country.id = partner.country_id
    LEFT JOIN res_country_state state ON state.id = partner.state_id
         {JOINS.format(warehouse="parcel.warehouse_id")}
        WHERE %(where)s
"""
BEGUN = """
       SELECT event.shipment_id, event.state,
              MIN(EXTRACT(EPOCH FROM event.occurred_at))::float8 / 86400
         FROM oms_shipment_event event
         JOIN oms_shipment shipment ON shipment.id = event.shipment_id
        WHERE event.state = ANY(%(states)s) AND %(where)s
     GROUP BY event.shipment_id, event.state
"""


class Rows:
    """The parcels of one statement: tuples, and the place of each column in them."""

    def __init__(self, env, statement, where):
        now = fields.Datetime.now()
        self.utc_now = (now - EPOCH).total_seconds() / 86400
        env.cr.execute(SQL(statement, where=where, now=now))
        self.place = {one.name: number for number, one in enumerate(env.cr.description)}
        self.rows = env.cr.fetchall()

    def __len__(self):
        return len(self.rows)

    def column(self, name):
        """The values of one column, None where there is none."""
        at = self.place[name]
        return [row[at] for row in self.rows]

    def get(self, number, *names):
        """Values of one parcel, in the order of ``names``."""
        row = self.rows[number]
        return [row[self.place[name]] for name in names]


def begun(env, where, states):
    """When parcels first came into these states: (shipment id, state, UTC day) of each."""
    env.cr.execute(SQL(BEGUN, states=list(states), where=where))
    return env.cr.fetchall()


def day_of(number):
    """The date of a day since 1970-01-01."""
    return date(1970, 1, 1) + timedelta(days=int(number))


def number_of(day):
    """Days since 1970-01-01 of a date."""
    return (day - date(1970, 1, 1)).days
