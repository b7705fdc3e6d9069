"""`python -m visitwire_gateway`: serves from Kafka; with arguments, what `visitwire gateway` does with them."""

import sys

from visitwire_gateway.cli import app

if __name__ == "__main__":
    app(sys.argv[1:] or ["serve"])
