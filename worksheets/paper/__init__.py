"""Putting it on paper: official forms filled, forms drawn, schedules, the packet."""
