"""The embedded reader: frames, operators and scored links over the parse. Everything English lies in lang/en."""
