"""Who is alerted to what: subscriptions, what they match, and their silences."""
