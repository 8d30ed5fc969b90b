"""Reads of scorecards, limited to what each person may see."""
