"""Pages of imports, jobs and KPIs."""
