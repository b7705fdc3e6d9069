"""What is filtered as a file: CSV and Excel."""
