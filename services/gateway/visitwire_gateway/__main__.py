"""`python -m visitwire_gateway`: serves from Kafka; with arguments, what `visitwire gateway` does with them."""

import sys

from visitwire_runtime.mistakes import telling

from visitwire_gateway.cli import app

if __name__ == "__main__":
    with telling():
        app(sys.argv[1:] or ["serve"])
