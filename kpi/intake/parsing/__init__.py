"""Text to values, a whole column at a time, with a reason for every cell that is none."""
