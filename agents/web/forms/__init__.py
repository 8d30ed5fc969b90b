"""Forms check shape; rules are checked by the services."""
