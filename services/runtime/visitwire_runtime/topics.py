"""`python -m visitwire_runtime.topics`: `visitwire topics create` for the image of any stage."""

from visitwire_runtime import topic_admin
from visitwire_runtime.settings import Settings
from visitwire_runtime.startup_errors import explained_exit


def main() -> None:
    """Makes what is missing and raises what is too small. Exits with 1 and a line where the broker does not have it."""
    with explained_exit():
        changes = topic_admin.create(Settings(), topic_admin.flow_topics())
    for change in changes:
        print(f"{change.topic}: {change.words}")


if __name__ == "__main__":
    main()
