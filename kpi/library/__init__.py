"""The shipped KPIs, one YAML file a theme: data to read, and what a definition must say."""
