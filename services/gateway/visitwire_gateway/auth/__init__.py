"""Who may come in: users, sessions, API keys, roles, tenants, limits, and the log of what was done."""
