"""`python -m visitwire_suite` is the `visitwire` command."""

from visitwire_suite.main import app

app(prog_name="visitwire")
