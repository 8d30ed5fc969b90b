"""Facts, imports, the formula language and measuring. Customer survey answers are facts."""
