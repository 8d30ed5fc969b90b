"""What the pages of results say: figures, words and marks, made ready for the templates."""
