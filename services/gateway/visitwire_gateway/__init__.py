"""The board, the calendar, the map, the HTTP API and the live stream, over a read model of its own."""
