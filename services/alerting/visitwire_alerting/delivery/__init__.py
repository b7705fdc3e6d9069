"""From an alert to its receiver: the queue, the channels, and what became of each attempt."""
