"""The demo: a point-in-time correct training set from a year of real flights, as a story."""

from onefold.demo.prepare import prepare_flights
from onefold.demo.story import run_demo

__all__ = ["prepare_flights", "run_demo"]
