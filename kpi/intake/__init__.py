"""The way of a file into the facts: read, recognise, map, parse, check, stage, promote."""
