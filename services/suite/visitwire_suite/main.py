"""The `visitwire` command. Each subcommand is imported only when it is called, so that `--help` answers at once."""

from visitwire_suite.subcommands import MOUNTS, make_app

app = make_app(MOUNTS)

if __name__ == "__main__":
    app()
