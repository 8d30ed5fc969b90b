"""Speed as a ratio against a baseline of the same run; ``python -m benchmarks`` runs them all."""
