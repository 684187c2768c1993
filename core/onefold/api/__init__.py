"""The verbs that join the layers: what users call."""

from onefold.api.publication import Publication, publication
from onefold.api.repository import load_repository
from onefold.api.training import TrainingSet, training_set

__all__ = ["Publication", "TrainingSet", "load_repository", "publication", "training_set"]
