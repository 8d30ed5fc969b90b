"""Pages of agents, a module for each subject."""
