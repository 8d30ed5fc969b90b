"""Pages that meet people first: the home of each role."""
