"""Read Visitwire from a program: events from Kafka, everything else over HTTP."""
