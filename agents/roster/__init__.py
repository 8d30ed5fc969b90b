"""People taken in from a file: read, checked as a whole, then filed or refused as a whole."""
