"""Settings: base for all, then dev, test or prod; values come from the environment by env."""
