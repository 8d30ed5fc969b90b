"""The demo centre: a generated call centre with people, facts, cycles and log-ins."""
