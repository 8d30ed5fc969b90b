"""Pages of schemes, cycles and results, and the health page."""
