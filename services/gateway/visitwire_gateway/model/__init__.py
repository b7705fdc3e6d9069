"""What the gateway knows: rows made from the topics alone, kept in a database of its own, read by every page."""
