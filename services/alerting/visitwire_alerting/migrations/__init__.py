"""The database's shape, step by step. `migrate.py` takes the steps that are missing."""
