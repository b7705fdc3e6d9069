"""What carries a stage: the Faust worker, the embedded runner, settings, dead letters, metrics."""

from visitwire_runtime.stage import AnyStage, Background, InvalidMessage, Publish, Stage, Unavailable

__all__ = ["AnyStage", "Background", "InvalidMessage", "Publish", "Stage", "Unavailable"]
