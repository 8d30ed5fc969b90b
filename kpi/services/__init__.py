"""What changes facts, jobs and KPI definitions, and what measures them."""
