"""The verbs that join the layers: what users call."""

from onefold.api.training import TrainingSet, training_set

__all__ = ["TrainingSet", "training_set"]
