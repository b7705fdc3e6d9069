"""Countries, capitals, cities and regions: what they are, and what a language calls them."""
