"""Boundary cases of every function, a family a module; expected values by hand or from measured engines."""
