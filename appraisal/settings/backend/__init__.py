"""Django's PostgreSQL backend, starting the embedded server when it is first needed."""
