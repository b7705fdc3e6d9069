"""News of other kinds, for counting false alarms."""
