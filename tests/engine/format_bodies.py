"""A small body of each format, as its sender's documentation has them."""

import json

PLACE = {"city": "Torino", "state": "TO", "zip": "10121", "country": "IT"}

JSON_BODIES = {
    "standard": {
        "events": [
            {
                "tracking_number": "T1",
                "carrier": "ups",
                "status": "in_transit",
                "occurred_at": "2024-03-01T11:00:00",
                "location": {"city": "Torino", "country": "IT"},
            },
            {"tracking_number": "T1", "estimated_delivery": "2024-03-04"},
        ]
    },
    "easypost": {
        "id": "evt_1",
        "description": "tracker.updated",
        "result": {
            "object": "Tracker",
            "tracking_code": "T1",
            "carrier": "DHLExpress",
            "signed_by": "Ada",
            "est_delivery_date": "2024-03-04T00:00:00Z",
            "carrier_detail": {"est_delivery_date_local": "2024-03-04"},
            "tracking_details": [
                {
                    "status": "in_transit",
                    "status_detail": "arrived_at_facility",
                    "datetime": "2024-03-01T10:00:00Z",
                    "message": "Arrived",
                    "tracking_location": PLACE,
                }
            ],
        },
    },
    "shippo": {
        "event": "track_updated",
        "data": {
            "tracking_number": "T1",
            "carrier": "dhl_express",
            "eta": "2024-03-04T00:00:00Z",
            "tracking_status": {"status": "TRANSIT", "status_date": "2024-03-01T10:00:00Z"},
            "tracking_history": [
                {
                    "object_id": "s1",
                    "status": "TRANSIT",
                    "substatus": {"code": "package_arrived", "action_required": False},
                    "status_date": "2024-03-01T10:00:00Z",
                    "status_details": "Arrived",
                    "location": PLACE,
                }
            ],
        },
    },
    "aftership": {
        "event": "tracking_update",
        "event_id": "e1",
        "msg": {
            "tracking_number": "T1",
            "slug": "dhl",
            "expected_delivery": "2024-03-04",
            "checkpoints": [
                {
                    "tag": "InTransit",
                    "subtag": "InTransit_003",
                    "checkpoint_time": "2024-03-01T11:00:00",
                    "message": "Arrived",
                    "location": "TORINO IT",
                    "city": "Torino",
                    "zip": "10121",
                    "country_iso3": "ITA",
                    "coordinates": [7.68, 45.07],
                }
            ],
        },
    },
    "17track": {
        "event": "TRACKING_UPDATED",
        "data": {
            "number": "T1",
            "carrier": 100001,
            "track_info": {
                "time_metrics": {"estimated_delivery_date": {"from": None, "to": "2024-03-04"}},
                "tracking": {
                    "providers": [
                        {
                            "provider": {"key": 100001, "name": "DHL"},
                            "events": [
                                {
                                    "time_iso": None,
                                    "time_utc": None,
                                    "time_raw": {
                                        "date": "2024-03-01",
                                        "time": "11:00:00",
                                        "timezone": None,
                                    },
                                    "description": "Arrived",
                                    "location": "TORINO",
                                    "stage": None,
                                    "sub_status": "InTransit_Arrival",
                                    "address": {
                                        "city": "Torino",
                                        "country": "IT",
                                        "coordinates": {"latitude": "45.07", "longitude": "7.68"},
                                    },
                                }
                            ],
                        }
                    ]
                },
            },
        },
    },
    "shipengine": {
        "resource_type": "API_TRACK",
        "data": {
            "tracking_number": "T1",
            "carrier_code": "dhl_express",
            "status_code": "IT",
            "estimated_delivery_date": "2024-03-04T00:00:00Z",
            "events": [
                {
                    "occurred_at": "2024-03-01T10:00:00Z",
                    "status_code": "IT",
                    "status_detail_code": "IN_TRANSIT",
                    "description": "Arrived",
                    "city_locality": "Torino",
                    "postal_code": 10121,
                    "country_code": "IT",
                    "latitude": 45.07,
                    "longitude": 7.68,
                }
            ],
        },
    },
    "sendcloud": {
        "action": "parcel_status_changed",
        "timestamp": 1709287200000,
        "parcel": {
            "tracking_number": "T1",
            "carrier": {"code": "dhl_express"},
            "status": {"id": 3, "message": "En route to sorting center"},
        },
    },
    "easyship": {
        "event_type": "shipment.tracking.checkpoints.created",
        "data": {
            "tracking_number": "T1",
            "status": "In Transit to Customer",
            "checkpoints": [
                {
                    "order_number": 1,
                    "handler": "DHL Express",
                    "message": "Arrived",
                    "city": "Torino",
                    "country_iso3": "ITA",
                    "checkpoint_time": "2024-03-01T11:00:00.000Z",
                    "primary_status": "In Transit to Customer",
                }
            ],
        },
    },
    "ups": {
        "trackResponse": {
            "shipment": [
                {
                    "inquiryNumber": "T1",
                    "package": [
                        {
                            "trackingNumber": "T1",
                            "deliveryDate": [{"type": "SDD", "date": "20240304"}],
                            "deliveryInformation": {"receivedBy": "ADA"},
                            "activity": [
                                {
                                    "date": "20240301",
                                    "time": "110000",
                                    "gmtOffset": "+01:00",
                                    "status": {
                                        "type": "I",
                                        "code": "AR",
                                        "description": "Arrived ",
                                    },
                                    "location": {
                                        "address": {"city": "Torino", "countryCode": "IT"}
                                    },
                                }
                            ],
                        }
                    ],
                }
            ]
        }
    },
    "fedex": {
        "output": {
            "completeTrackResults": [
                {
                    "trackingNumber": "T1",
                    "trackResults": [
                        {
                            "estimatedDeliveryTimeWindow": {"window": {"ends": "2024-03-04"}},
                            "scanEvents": [
                                {
                                    "date": "2024-03-01T11:00:00+01:00",
                                    "eventType": "AR",
                                    "exceptionCode": "",
                                    "eventDescription": "Arrived",
                                    "scanLocation": {"city": "Torino", "countryCode": "IT"},
                                }
                            ],
                        }
                    ],
                }
            ]
        }
    },
    "usps": {
        "trackingNumber": "T1",
        "expectedDeliveryTimeStamp": "2024-03-04T00:00:00Z",
        "trackingEvents": [
            {
                "eventType": "Arrived at Post Office",
                "eventTimestamp": "2024-03-01T05:00:00",
                "GMTOffset": "-5:00",
                "eventCity": "Lecanto",
                "eventState": "FL",
                "eventCode": "07",
            }
        ],
    },
    "dhl_universal": {
        "shipments": [
            {
                "id": "T1",
                "service": "express",
                "estimatedTimeOfDelivery": "2024-03-04T00:00:00",
                "details": {"proofOfDelivery": {"signed": {"name": "Ada"}}},
                "events": [
                    {
                        "timestamp": "2024-03-01T11:00:00",
                        "statusCode": "transit",
                        "status": "Arrived",
                        "description": "Arrived",
                        "location": {"address": {"countryCode": "IT", "addressLocality": "Torino"}},
                    }
                ],
            }
        ]
    },
    "gls": {
        "parcels": [
            {
                "unitno": "T1",
                "status": "INTRANSIT",
                "statusDateTime": "2024-03-01T11:00:00+0100",
                "events": [
                    {
                        "code": "INTIAL.NORMAL",
                        "city": "Torino",
                        "country": "IT",
                        "description": "Arrived",
                        "eventDateTime": "2024-03-01T11:00:00+0100",
                    }
                ],
            }
        ]
    },
    "laposte": {
        "returnCode": 200,
        "shipment": {
            "idShip": "T1",
            "product": "colissimo",
            "isFinal": False,
            "estimDate": "2024-03-04T00:00:00+01:00",
            "event": [
                {"code": "ET1", "label": "Arrivé", "date": "2024-03-01T11:00:00+01:00"},
            ],
        },
    },
    "asendia": {
        "trackingNumber": "T1",
        "trackingEvents": [
            {
                "code": "IT",
                "time": "2024-03-01T10:00:00Z",
                "locationName": "Torino",
                "locationCountry": "IT",
                "carrierEventDescription": "Arrived",
            }
        ],
    },
    "spring": {
        "ErrorLevel": 0,
        "Shipment": {
            "TrackingNumber": "T1",
            "Events": [
                {
                    "Timestamp": 1709287200,
                    "DateTime": "2024-03-01 11:00:00",
                    "City": "Torino",
                    "Country": "IT",
                    "Code": 21,
                    "Description": "Arrived",
                }
            ],
        },
    },
}

X12 = (
    "ISA*00*          *00*          *02*CPC            *ZZ*1              "
    "*240301*1100*U*00401*000000001*0*P*>~GS*QM*CPC*1*20240301*1100*1*X*004010~ST*214*0001~"
    "B10*T1*REF*CPCC~LX*1~AT7*AF*NS***20240301*1100*ET~MS1*TORONTO*ON*CA~"
    "LX*2~AT7*AG*NS***20240304*1200*ET~SE*7*0001~GE*1*1~IEA*1*000000001~"
)
IFTSTA = (
    "UNA:+.? 'UNB+UNOC:3+S+R+240301:1100+1'UNH+1+IFTSTA:D:01B:UN'BGM+23+1+9'"
    "DTM+137:20240301:102'CNI+1+T1'STS+1+24+26:::Quay?'s full'RFF+CU:R1'"
    "DTM+334:202403011100:203'LOC+14+ITTRN:139:6:TORINO+IT:162'FTX+AAI+++Departed'"
    "DTM+17:20240304:102'UNT+10+1'UNZ+1+1'"
)
CSV = (
    "Tracking Number;Date;Time;Status;City;Country;ETA\r\n"
    "T1;01.03.2024;11:00;in_transit;Torino;IT;\r\n"
    "T1;;;;;;04.03.2024\r\n"
)

BODIES = {key: json.dumps(body).encode() for key, body in JSON_BODIES.items()} | {
    "x12_214": X12.encode(),
    "edifact_iftsta": IFTSTA.encode(),
    "csv": CSV.encode(),
}
