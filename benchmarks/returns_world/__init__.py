"""A shop of a year with returns, and causes planted in its second half."""
