"""A company's deliveries turned into models, and into what they would have been worth."""

from ....engine.tracking.eta.level import Levels
from ....engine.tracking.eta.model import Settings, fit
from ....engine.tracking.eta.stages import EVENTS, HANDOVER, ORDER
from .columns import Columns
from .numeric import backtest, np, plain, score
from .rows import day_of

MINIMUM = Settings().minimum
JUDGED_DAYS = 400
"""The back-test begins so many days ago: a year of months, and some to be compared with."""


class Learning:
    """Learns from the rows of one company, each stage on the morning of its own local day.

    :param begun: of :func:`rows.begun`
    :param former: dict stage → model in force, whose levels stay until they are judged anew
    """

    def __init__(self, rows, begun, former):
        self.columns = Columns(rows)
        self.former = former
        now = self.columns.now
        self.today = float(np.floor(now.max())) if now.size else 0.0
        self.carrier = rows.column("carrier")
        events = self.columns.begun(begun, EVENTS)
        self.starts = {ORDER: self.columns.ordered, HANDOVER: self.columns.handed, **events}
        self.learned = {}
        self.trails = {}

    @property
    def deliveries(self):
        """Parcels that were delivered."""
        return int((~np.isnan(self.columns.delivered)).sum())

    @property
    def pace(self):
        """How much longer parcels take now, in per cent."""
        model = self.learned.get(HANDOVER) or self.learned.get(ORDER)
        return round(100 * float(np.expm1(model.pace.overall)), 1) if model else 0.0

    def models(self, judge):
        """Dict stage → model, of the stages that enough parcels passed through."""
        for stage, start in self.starts.items():
            rows = np.flatnonzero(~np.isnan(start))
            parcels = self.columns.parcels(start).take(rows)
            if judge and stage in (ORDER, HANDOVER):
                trail = backtest.walk(parcels, self.today, since=self.today - JUDGED_DAYS)
                self.trails[stage] = (trail, rows[trail.rows])
                model = trail.model
            else:
                before = self.former.get(stage)
                model = fit(parcels, self.today, levels=before.levels if before else Levels())
            if model:
                self.learned[stage] = model
        return self.learned

    def plain(self):
        """The models as they are kept."""
        return {stage: plain.to_plain(model) for stage, model in self.learned.items()}

    def late_skill(self):
        """Values that tell whether a risk of being late may be shown: at hand-over, with skill."""
        trail, _rows = self.trails[HANDOVER]
        found = score.skill(trail)
        return {
            "late_parcels": found.late if found else 0,
            "late_skill": found.brier if found else 0.0,
            "tells_late": bool(found and found.worth_telling),
        }

    def scores(self):
        """Values of the scores by carrier and month of each stage."""
        values = []
        for stage, (trail, rows) in self.trails.items():
            months = trail.parcels.start.astype("datetime64[D]").astype("datetime64[M]")
            days = months.astype("datetime64[D]").astype(np.int64)
            carriers = np.array([self.carrier[row] or 0 for row in rows], dtype=np.int64)
            keys, group = np.unique(np.stack((carriers, days)), axis=1, return_inverse=True)
            for number, (carrier, day) in enumerate(keys.T.tolist()):
                found = score.score(trail, group.reshape(-1) == number)
                values.append(
                    {
                        "stage": stage,
                        "carrier_id": carrier or False,
                        "month": day_of(day),
                        "parcels": found.parcels,
                        "mae": found.mae,
                        "median_error": found.median_error,
                        "bias": found.bias,
                        "coverage_80": found.coverage_80,
                        "coverage_90": found.coverage_90,
                        "width_90": found.width_90,
                        "interval": found.interval,
                        "pinball": found.pinball,
                        "promise_late": found.promise_late,
                        "missed": found.missed,
                    }
                )
        return values
