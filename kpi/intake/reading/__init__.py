"""Readers: a file of any accepted form becomes one table of text with physical line numbers."""
