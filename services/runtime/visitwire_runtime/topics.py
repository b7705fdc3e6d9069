"""`python -m visitwire_runtime.topics`: `visitwire topics create` for the image of any stage."""

from visitwire_runtime import admin
from visitwire_runtime.mistakes import telling
from visitwire_runtime.settings import Settings


def main() -> None:
    """Makes what is missing and raises what is too small. Exits with 1 and a line where the broker does not have it."""
    with telling():
        changes = admin.create(Settings(), admin.flow_topics())
    for change in changes:
        print(f"{change.topic}: {change.words}")


if __name__ == "__main__":
    main()
