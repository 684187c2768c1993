"""Temporal relations in SQL, for engines whose data must not leave them.

As-of joins and trailing aggregates become joins, groups and growing windows over the distinct keys and times of the
spine. What can not be computed in this way exactly, and in about the time of a sort, is left to the kernel.
"""
