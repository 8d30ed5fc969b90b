"""People, teams, positions, shifts, roles, log-in, and who may see whom."""
