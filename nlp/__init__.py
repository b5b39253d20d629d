"""Reading Norwegian: an article becomes a reading (entities, links, ties, events, stance)."""
