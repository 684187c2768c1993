"""``python -m benchmarks.training_set``, from the root of the repository."""

from benchmarks.training_set.command import main

raise SystemExit(main())
