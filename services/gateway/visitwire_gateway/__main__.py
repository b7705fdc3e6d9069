"""`python -m visitwire_gateway`: serves from Kafka; with arguments, what `visitwire gateway` does with them."""

import sys

from visitwire_runtime.startup_errors import explained_exit

from visitwire_gateway.cli import app

if __name__ == "__main__":
    with explained_exit():
        app(sys.argv[1:] or ["serve"])
