"""Pages of log-in and people."""
