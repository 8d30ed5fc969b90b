"""Template tags and filters that know no KPI and no scheme: figures, marks, navigation."""
