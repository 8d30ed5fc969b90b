"""Pay plans: a document, the figures it asks for, and amounts to the cent. Pure: no Django."""
