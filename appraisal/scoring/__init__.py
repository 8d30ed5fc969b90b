"""The pure arithmetic of schemes: rules, points, totals, grades, ranks and their words."""
