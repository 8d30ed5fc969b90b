"""What changes schemes, cycles, runs and publications."""
