"""Facts, imports, the formula language and measuring; customer survey answers are facts, so they live here."""
