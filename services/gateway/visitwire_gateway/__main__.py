"""`python -m visitwire_gateway`: serves from Kafka; with arguments, what `visitwire gateway` does with them."""

import sys

from visitwire_runtime.admin import connection
from visitwire_runtime.mistakes import telling
from visitwire_runtime.settings import Settings

from visitwire_gateway.cli import app

if __name__ == "__main__":
    with telling():
        arguments = sys.argv[1:] or ["serve"]
        if arguments == ["serve"]:
            connection(Settings())  # what is wrong with it would show in a thread, while the board is up
        app(arguments)
