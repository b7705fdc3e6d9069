"""What each user has read, starred, follows, was assigned, acknowledged and noted."""
