"""What is wrong with a folder of schemas."""


class Unusable(Exception):
    """One sentence on what to put into the folder, or to take out of it."""
