"""Expressions of time: patterns that find them, and the calendar arithmetic that resolves them."""
