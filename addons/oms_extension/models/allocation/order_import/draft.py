from dataclasses import dataclass, field


@dataclass
class Draft:
    """One order of a call, on its way to an answer.

    :ivar values: what was sent, see ``reader.ORDER``.
    :ivar to_create: field values of the sales order, once everything it names was found.
    """

    values: dict
    errors: list = field(default_factory=list)
    to_create: dict | None = None
    status: str = ""
    order: dict = field(default_factory=dict)

    @property
    def is_open(self):
        return not self.status and not self.errors

    @property
    def key(self):
        """What makes two orders of a company the same one."""
        return self.values.get("source", ""), self.values.get("reference", "")

    def answer(self):
        """What the caller learns."""
        return {
            "reference": self.values.get("reference", ""),
            "source": self.values.get("source", ""),
            "status": "rejected" if self.errors else self.status,
            "id": self.order.get("id", False),
            "name": self.order.get("name", False),
            "errors": self.errors,
        }
