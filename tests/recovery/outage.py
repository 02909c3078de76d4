"""Something breaks while clients are at work, who repeat what they got no answer to."""

from collections.abc import Callable
from threading import Condition, Event, Thread
from typing import Any

from race.server import OdooServer
from race.worker import Outcome, Refused, Step

REPAIR_SECONDS = 120
TRIES = 5


class Outage:
    """What the clients and the one who breaks something tell each other."""

    def __init__(self) -> None:
        self._answered = Condition()
        self._answers = 0
        self._over = Event()
        self.unanswered = 0

    def work_through(
        self,
        server: OdooServer,
        programs: list[list[Step]],
        answers: int,
        break_it: Callable[[], None],
    ) -> list[Outcome]:
        """Carry out the programs, and break something when that many calls were answered."""
        outcomes: list[Outcome] = []

        def client(number: int) -> Persistent:
            return Persistent(server.client(number), self)

        def work() -> None:
            outcomes.extend(server.run(programs, client))

        working = Thread(target=work)
        working.start()
        try:
            with self._answered:
                assert self._answered.wait_for(lambda: self._answers >= answers, REPAIR_SECONDS)
            break_it()
        finally:
            self._over.set()
            working.join()
        return outcomes

    def note_answer(self) -> None:
        with self._answered:
            self._answers += 1
            self._answered.notify_all()

    def note_silence(self) -> None:
        """Wait until what broke works again."""
        with self._answered:
            self.unanswered += 1
        self._over.wait(REPAIR_SECONDS)


class Persistent:
    """A client that repeats a call that failed otherwise than by a sentence for people."""

    def __init__(self, client: Any, outage: Outage) -> None:
        self._client = client
        self._outage = outage

    def call(self, *args: Any, **kwargs: Any) -> Any:
        for left in reversed(range(TRIES)):
            try:
                answer = self._client.call(*args, **kwargs)
            except Refused:
                self._outage.note_answer()
                raise
            except Exception:
                if not left:
                    raise
                self._outage.note_silence()
            else:
                self._outage.note_answer()
                return answer
        raise AssertionError("unreachable")
