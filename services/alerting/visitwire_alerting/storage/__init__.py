"""The database of the ledger, and the keys to what is sealed in it."""
