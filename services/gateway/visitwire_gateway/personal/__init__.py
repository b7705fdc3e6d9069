"""What a reader keeps for themselves: filters, each with a calendar and a feed at an address of its own."""
