"""What happens to people and is of interest above."""

from django.dispatch import Signal

# Sent when assignments were added, moved or ended, inside the transaction that did it.
# Arguments: ``agent`` (agents.models.Agent), ``from_day`` (datetime.date): the first day touched.
places_changed = Signal()
