"""How the resolver weighs what the model says, alone and beside the embedded reader.

Set by hand: weights are fitted on answers to stories with gold, and no model was at hand to give any. What passes the
checks is taken as said; beside the embedded reader it weighs about as much as that reader's plain expectation.
"""

from collections.abc import Mapping, Sequence

from visitwire_schemas import VisitStatus
from visitwire_visits.weights import Weights

from visitwire_reader_llm.check import NAME

_WORD, _BESIDE = 5.0, 3.0
"""What the model's word weighs where it speaks alone, and where the embedded reader speaks too."""
_LIKELIHOOD = Weights(0.0, {"best": 1.0})
_FOCUS = Weights(2.0, {"aside=True": -2.0, "aside.all=True": -2.0})


def weights_for(speakers: Sequence[str]) -> Mapping[str, Weights] | None:
    """The weights for stories that these readers read; None where those that ship with the stage do."""
    if NAME not in speakers:
        return None
    return _alone() if len(speakers) == 1 else _beside()


def _alone() -> Mapping[str, Weights]:
    said = Weights(0.0, {NAME: _WORD})
    return {
        "reader": Weights(),
        "visit": _LIKELIHOOD,
        **{f"status.{status.value}": Weights(0.0, _of_status(status, _WORD)) for status in VisitStatus},
        "date": said,
        "source": said,
        "focus": _FOCUS,
    }


def _beside() -> Mapping[str, Weights]:
    tables = dict(Weights.all_shipped())
    for status in VisitStatus:
        tables[f"status.{status.value}"] = _with(tables[f"status.{status.value}"], _of_status(status, _BESIDE))
    for name in ("date", "source"):
        tables[name] = _with(tables[name], {NAME: _BESIDE})
    return {**tables, f"visit.{NAME}": _LIKELIHOOD}


def _of_status(status: VisitStatus, weight: float) -> dict[str, float]:
    return {f"{where}told={NAME}.{status.value}": weight for where in ("", "best.", "first.")}


def _with(weights: Weights, more: Mapping[str, float]) -> Weights:
    return Weights(weights.bias, {**weights.of, **more}, weights.threshold)
