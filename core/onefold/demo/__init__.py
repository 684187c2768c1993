"""The demo: a point-in-time correct training set from a year of real flights, as a story."""
