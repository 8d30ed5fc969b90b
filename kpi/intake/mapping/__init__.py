"""What says which column feeds which field: as data, as YAML, and whether it makes sense."""
