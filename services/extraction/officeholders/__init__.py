"""How the table of office-holders is made."""
