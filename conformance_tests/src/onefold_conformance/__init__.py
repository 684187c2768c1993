"""The conformance suite: what every backend is held to, and the means to hold it to it."""
