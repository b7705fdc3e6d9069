"""Visits that were found, against those that a person found."""
