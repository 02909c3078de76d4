"""One visit to a carrier: a courier under way with the numbers that are due."""

from . import courier

SECONDS = 25
"""That a carrier may take for the numbers of one question."""


class Visit:
    """A connection that is being asked, in a thread without database.

    :ivar connection_id: whose turn it is. :ivar numbers: dict number → ids of its shipments
    :ivar lease: until when the connection is ours
    """

    def __init__(self, connection_id):
        self.connection_id = connection_id
        self.opening = {}
        self.numbers = {}
        self.lease = None
        self._courier = None

    def ask(self):
        """What the carrier says about :attr:`numbers`, see :mod:`karrio_process`.

        :raise courier.Lost: it, or karrio, went wrong in a way that cost the process
        """
        try:
            if self._courier is None:
                self._courier = courier.Courier(self.opening)
            hello = self._courier.hello
            if not hello.get("ready"):
                return {
                    "exchanges": [],
                    "details": [],
                    "messages": [],
                    "error": str(hello.get("error")),
                    "wait": 0.0,
                }
            return self._courier.ask(self.numbers, SECONDS)
        except courier.Lost:
            self.close()
            raise

    def close(self):
        if self._courier is not None:
            self._courier.close()
            self._courier = None
