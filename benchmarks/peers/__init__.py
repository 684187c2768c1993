"""The environments of the peers: virtual environments of their own, so that nothing of theirs is a dependency."""

from benchmarks.peers.environments import ENVIRONMENTS, Environment, environment

__all__ = ["ENVIRONMENTS", "Environment", "environment"]
