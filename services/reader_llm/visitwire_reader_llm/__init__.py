"""A second reader of visits: a language model that the user brings, asked about one story and believed only in what the
words of that story bear out."""
