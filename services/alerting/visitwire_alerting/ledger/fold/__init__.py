"""What reports come to: pure functions, which know no database."""
