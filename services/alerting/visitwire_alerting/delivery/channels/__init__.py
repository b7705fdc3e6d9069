"""The ways a message goes out. Each sends one message to one endpoint and says how that ended."""
