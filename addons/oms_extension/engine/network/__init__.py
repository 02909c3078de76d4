"""The network of warehouses: distances, rates where no lane is defined, and calendars."""
