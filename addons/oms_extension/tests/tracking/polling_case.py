"""Connections to carriers that are played on this machine, and parcels that are due."""

import json
from unittest import skipUnless

from ...models.tracking.polling import connectors, courier, visit
from ...models.tracking.polling import round as asking_round
from .common import TrackingCase
from .played_carriers import CREDENTIALS, PlayedCarrier

SDK = skipUnless(
    set(CREDENTIALS) <= set(connectors.installed()),
    "asking carriers needs karrio and its connectors, see docs/polling.md",
)

NUMBER = {
    "asendia": "ASENDIA0000000001",
    "dhl_universal": "7777777001",
    "fedex": "123456789012",
    "gls": "12345678901234567001",
    "laposte": "EW100000001FR",
    "spring": "LX100000001NL",
    "ups": "1Z12345E0205271688",
    "usps": "9400100000000000000001",
}
"""A number in the form of each carrier."""


def message(carrier, number=None, day=3):
    """An invented answer of a carrier about one parcel that was handed in on a day in March 2026
    and delivered at nine on the next, in the carrier's own format.
    """
    number = number or NUMBER[carrier]
    handed, there = f"2026-03-{day:02}", f"2026-03-{day + 1:02}"
    match carrier:
        case "asendia":
            return {
                "trackingNumber": number,
                "trackingEvents": [
                    {
                        "id": 1,
                        "code": "PU",
                        "time": f"{handed}T17:00:00Z",
                        "locationName": "Bern",
                        "locationCountry": "CH",
                        "carrierEventDescription": "Package picked up",
                    },
                    {
                        "id": 2,
                        "code": "DL",
                        "time": f"{there}T09:00:00Z",
                        "locationName": "Wien",
                        "locationCountry": "AT",
                        "carrierEventDescription": "Delivered",
                    },
                ],
            }
        case "dhl_universal":
            place = {"address": {"addressLocality": "Berlin", "countryCode": "DE"}}
            return {
                "id": number,
                "service": "parcel-de",
                "events": [
                    {
                        "timestamp": f"{there}T09:00:00",
                        "statusCode": "delivered",
                        "description": "Delivered",
                        "location": place,
                    },
                    {
                        "timestamp": f"{handed}T17:00:00",
                        "statusCode": "transit",
                        "description": "Processed",
                        "location": place,
                    },
                ],
            }
        case "fedex":
            place = {"city": "SEATTLE", "stateOrProvinceCode": "WA", "countryCode": "US"}
            return [
                {
                    "trackingNumberInfo": {"trackingNumber": number},
                    "scanEvents": [
                        {
                            "date": f"{there}T09:00:00-08:00",
                            "eventType": "DL",
                            "eventDescription": "Delivered",
                            "scanLocation": place,
                        },
                        {
                            "date": f"{handed}T17:00:00-08:00",
                            "eventType": "PU",
                            "eventDescription": "Picked up",
                            "scanLocation": place,
                        },
                    ],
                }
            ]
        case "gls":
            return {
                "requested": number,
                "unitno": number,
                "status": "DELIVERED",
                "statusDateTime": f"{there}T09:00:00+0100",
                "events": [
                    {
                        "code": "DELIVD.NORMAL",
                        "city": "Berlin",
                        "country": "DE",
                        "description": "The parcel has been delivered.",
                        "eventDateTime": f"{there}T09:00:00+0100",
                    },
                    {
                        "code": "INTIAL.NORMAL",
                        "city": "Berlin",
                        "country": "DE",
                        "description": "The parcel was handed over to GLS.",
                        "eventDateTime": f"{handed}T17:00:00+0100",
                    },
                ],
            }
        case "laposte":
            return {
                "idShip": number,
                "product": "colissimo",
                "isFinal": True,
                "event": [
                    {
                        "code": "DI1",
                        "label": "Votre colis est livré.",
                        "date": f"{there}T09:00:00+01:00",
                    },
                    {
                        "code": "PC1",
                        "label": "Votre colis a été déposé dans un point postal.",
                        "date": f"{handed}T17:00:00+01:00",
                    },
                ],
                "contextData": {"originCountry": "FR", "arrivalCountry": "FR"},
            }
        case "spring":
            place = {"Country": "CA", "City": "TORONTO", "State": "ON"}
            return {
                "TrackingNumber": number,
                "Events": [
                    {
                        "DateTime": f"{handed} 17:00:00",
                        "Code": 9301,
                        "Description": "OUT FOR DELIVERY",
                        **place,
                    },
                    {
                        "DateTime": f"{there} 09:00:00",
                        "Code": 100,
                        "Description": "DELIVERED",
                        **place,
                    },
                ],
            }
        case "ups":
            address = {
                "city": "PARAMUS",
                "stateProvince": "NJ",
                "countryCode": "US",
                "country": "US",
            }
            return {
                "inquiryNumber": number,
                "package": [
                    {
                        "trackingNumber": number,
                        "activity": [
                            {
                                "location": {"address": address},
                                "status": {"type": "D", "code": "F4", "description": "DELIVERED"},
                                "date": there.replace("-", ""),
                                "time": "090000",
                            },
                            {
                                "location": {"address": address},
                                "status": {"type": "P", "code": "PU", "description": "Pickup"},
                                "date": handed.replace("-", ""),
                                "time": "170000",
                            },
                        ],
                    }
                ],
            }
    where = {"eventCity": "HERNANDO", "eventState": "FL", "eventZIP": "34442"}
    return {
        "trackingNumber": number,
        "trackingEvents": [
            {
                "eventType": "Delivered, Parcel Locker",
                "eventTimestamp": f"{there}T09:00:00",
                "GMTOffset": "-05:00",
                "eventCode": "01",
                **where,
            },
            {
                "eventType": "Accepted at USPS Origin Facility",
                "eventTimestamp": f"{handed}T17:00:00",
                "GMTOffset": "-05:00",
                "eventCode": "OA",
                **where,
            },
        ],
    }


@SDK
class PollingCase(TrackingCase):
    """Carriers on this machine: :meth:`connect` one, make :meth:`parcel`, :meth:`poll`."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Nobody else's connections are asked.
        cls.env["oms.tracking.connection"].search([]).active = False

    def setUp(self):
        super().setUp()
        # However slow the machine that runs the tests is.
        self.patch(asking_round, "BUDGET", 240)
        self.patch(courier, "START_SECONDS", 120)

    def hurry(self):
        """Wait less for carriers that say nothing."""
        self.patch(visit, "SECONDS", 8)
        self.patch(courier, "TIMEOUT", 4)

    def play(self, name, parcels=None):
        carrier = PlayedCarrier(name, parcels)
        self.addCleanup(carrier.close)
        return carrier

    def connect(self, carrier, url=None, **values):
        """A connection to a played carrier, or to its name and an address."""
        name = carrier if url else carrier.name
        return self.env["oms.tracking.connection"].create(
            {
                "name": name,
                "company_id": self.company.id,
                "connector": name,
                "carrier_ids": [(6, 0, self.carrier_of(name).ids)],
                "server_url": url or carrier.url,
                "credentials": json.dumps(CREDENTIALS[name]),
                "rate": 6000,
                "numbers_per_request": {"gls": 10, "fedex": 30, "laposte": 10}.get(name, 5),
            }
            | values
        )

    def carrier_of(self, name):
        code = {"dhl_universal": "dhl_parcel_de"}.get(name, name)
        return self.env.ref(f"oms_extension.carrier_{code}")

    def parcel(self, name, number=None, **values):
        """A parcel of the carrier behind a connector, to be asked about now."""
        parcel = self.shipment(
            number or NUMBER[name], oms_carrier_id=self.carrier_of(name).id, **values
        )
        parcel.next_poll_at = "2026-01-01 00:00:00"
        return parcel

    def poll(self):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref("oms_extension.cron_poll_carriers").method_direct_trigger()
        self.env.invalidate_all()
