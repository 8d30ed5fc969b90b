"""The closed set of scoring rule types."""
