"""Shipment tracking: what carriers say, what it means, and when a parcel will arrive."""
