"""What learned models say about many parcels at once."""

from ....engine.tracking.eta.stages import EVENTS, HANDOVER, ORDER, USUAL, stages_for
from .numeric import explain, np

EVENING = 21 / 24
"""From then on today is over: what has not come comes tomorrow."""


class Forecast:
    """Days of arrival by position in the columns: dict with ``days`` (median, low, high, as days
    since 1970-01-01), ``terms`` for the explanation, ``late`` (None where it is not told).
    """

    def __init__(self, columns, models, tells_late=False):
        self.columns = columns
        self.models = models
        self.tells_late = tells_late
        self.found = {}
        self.starts = {ORDER: columns.ordered, HANDOVER: columns.handed}

    def of_shipments(self):
        """By the stage that each is in."""
        groups = {}
        for row, state in enumerate(self.columns.state):
            handed = not np.isnan(self.columns.handed[row])
            if stage := self._stage(row, stages_for(state, handed)):
                groups.setdefault(stage, []).append(row)
        for stage, rows in groups.items():
            if stage in self.models:
                self.found |= self._ask(stage, np.array(rows))
            else:
                self._usual(stage, rows)
        return self.found

    def of_allocated(self):
        """From the order, or from the planned departure where that leads to a later day."""
        for stage in (ORDER, HANDOVER):
            if stage not in self.models:
                continue
            rows = np.flatnonzero(~np.isnan(self.starts[stage]))
            for row, said in self._ask(stage, rows).items():
                if row not in self.found or said["days"] > self.found[row]["days"]:
                    self.found[row] = said
        return self.found

    def _stage(self, row, stages):
        """The best of ``stages`` that is learned and has begun."""
        for stage in stages:
            known = stage in self.models or stage in USUAL
            if known and not np.isnan(self._start(stage)[row]):
                return stage
        return None

    def _start(self, stage):
        return self.columns.since if stage in EVENTS else self.starts[stage]

    def _age(self, start, rows):
        """Whole days since the start's day; in the evening today is over."""
        now = self.columns.now[rows]
        today = np.floor(now) + (now % 1 >= EVENING)
        return np.maximum(today - np.floor(start), 0.0)

    def _ask(self, stage, rows):
        model, start = self.models[stage], self._start(stage)
        parcels = self.columns.parcels(start).take(rows)
        age = self._age(parcels.start, rows)
        said = model.predict(parcels, age)
        told = explain.explain(model, parcels, age)
        first = np.floor(parcels.start).astype(int)
        late = model.late(parcels, age) if self.tells_late and stage == HANDOVER else None
        found = {}
        for at, row in enumerate(rows.tolist()):
            km = parcels.km[at]
            found[row] = {
                "days": tuple(
                    int(first[at] + column[at]) for column in (said.median, said.low, said.high)
                ),
                "terms": {
                    "source": "learned",
                    "stage": stage,
                    "start": int(first[at]),
                    "days": int(said.median[at]),
                    "km": None if np.isnan(km) else round(float(km)),
                    "terms": list(told.of(at).items()),
                    "age": int(age[at]),
                    "similar": int(told.similar[at]),
                },
                "late": None if late is None or np.isnan(late[at]) else float(late[at]),
            }
        return found

    def _usual(self, stage, rows):
        """Stages that tell by themselves when it arrives."""
        rows = np.array(rows)
        start = np.floor(self._start(stage)[rows])
        today = start + self._age(start, rows)
        for row, day in zip(rows.tolist(), today.astype(int).tolist(), strict=True):
            self.found[row] = {
                "days": tuple(day + later for later in USUAL[stage]),
                "terms": {"source": "state", "stage": stage, "start": day},
                "late": None,
            }
