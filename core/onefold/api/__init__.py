"""The verbs that join the layers: what users call."""

from onefold.api.repository import load_repository
from onefold.api.training import TrainingSet, training_set

__all__ = ["TrainingSet", "load_repository", "training_set"]
