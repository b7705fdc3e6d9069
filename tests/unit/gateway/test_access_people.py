"""Users: their roles and passwords change, their sessions end with that, and one admin always stays."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine
from starlette.testclient import TestClient
from typer.testing import CliRunner
from visitwire_gateway.auth.oidc_identities import Identities
from visitwire_gateway.auth.users import People, Refused
from visitwire_gateway.auth.who import Identity, Role
from visitwire_gateway.cli import app as commands
from visitwire_gateway.model.database import open_database
from visitwire_runtime.settings import Settings

from tests.unit.gateway.samples import NOW

OLD, NEW = "correct horse", "battery staple"


pytestmark = pytest.mark.usefixtures("quick")


@pytest.fixture
def people(app: FastAPI) -> People:
    made: People = app.state.gateway.access.people
    return made


class Reader:
    """A browser whose user logged in."""

    def __init__(self, app: FastAPI, name: str, password: str = OLD) -> None:
        self.client = TestClient(app, base_url="http://board.example", client=("203.0.113.7", 5))
        page = self.client.post("/login", data={"name": name, "password": password})
        assert page.status_code == 200
        self.csrf = page.text.partition('name="csrf" value="')[2].partition('"')[0]

    def inside(self) -> bool:
        return self.client.get("/api/v1/me").status_code == 200

    def post(self, path: str, **form: str) -> tuple[int, str]:
        answer = self.client.post(path, data={"csrf": self.csrf, **form})
        return answer.status_code, answer.text

    def ask(self, method: str, path: str, **body: str) -> tuple[int, dict[str, str]]:
        answer = self.client.request(method, f"/api/v1{path}", json=body, headers={"x-csrf": self.csrf})
        return answer.status_code, answer.json() if answer.content else {}

    def audit(self) -> list[tuple[str, str, str]]:
        lines = self.client.get("/api/v1/audit").json()
        return [(one["who"], one["action"], one["what"]) for one in lines if one["action"] != "logged in"]


def test_an_admin_changes_role_and_password_of_another_and_their_sessions_end(app: FastAPI, people: People) -> None:
    people.add_user("default", "Eve", OLD, Role.ADMIN)
    ada = people.add_user("default", "Ada", OLD, Role.READER)
    eve, phone = Reader(app, "Eve"), Reader(app, "Ada")
    assert eve.post(f"/access/users/{ada}/role", role="editor")[0] == 200
    assert (phone.inside(), eve.inside()) == (False, True)
    assert people.log_in("Ada", OLD) is not None
    phone = Reader(app, "Ada")
    assert phone.client.get("/api/v1/me").json()["role"] == "editor"
    assert eve.post(f"/access/users/{ada}/password", password=NEW)[0] == 200
    assert (phone.inside(), people.log_in("Ada", OLD)) == (False, None)
    assert people.log_in("Ada", NEW) is not None
    wanted = {
        "id": ada,
        "name": "Ada",
        "role": "reader",
        "made": NOW.isoformat().replace("+00:00", "Z"),
        "issuer": None,
    }
    assert eve.ask("PATCH", f"/users/{ada}", role="reader", password=OLD) == (200, wanted)
    assert people.log_in("Ada", OLD) is not None
    said = [("changed a password", "Ada"), ("changed a role", "Ada (reader)")]
    assert eve.audit() == [("Eve", *line) for line in (*said, said[0], ("changed a role", "Ada (editor)"))]


def test_what_is_no_password_or_nobodys_changes_nothing(app: FastAPI, people: People) -> None:
    people.add_user("default", "Eve", OLD, Role.ADMIN)
    ada, strange = people.add_user("default", "Ada", OLD, Role.READER), people.add_user("north", "Bo", OLD, Role.READER)
    eve = Reader(app, "Eve")
    assert "a password has 10 to 200 characters" in eve.post(f"/access/users/{ada}/password", password="short")[1]
    assert eve.ask("PATCH", f"/users/{ada}", password="short")[0] == 422
    assert eve.ask("PATCH", f"/users/{ada}")[0] == 200
    for other in (strange, "nobody"):
        assert eve.ask("PATCH", f"/users/{other}", role="admin", password=NEW)[0] == 404
        eve.post(f"/access/users/{other}/role", role="admin")
        eve.post(f"/access/users/{other}/password", password=NEW)
    assert eve.audit() == []
    assert people.log_in("Ada", OLD) is not None
    found = people.log_in("Bo", OLD)
    assert found is not None
    assert found[1].role is Role.READER


def test_only_an_admin_changes_others(app: FastAPI, people: People) -> None:
    ada = people.add_user("default", "Ada", OLD, Role.EDITOR)
    reader = Reader(app, "Ada")
    assert reader.ask("PATCH", f"/users/{ada}", role="admin")[0] == 403
    assert reader.post(f"/access/users/{ada}/role", role="admin")[0] == 403
    assert reader.post(f"/access/users/{ada}/password", password=NEW)[0] == 403


def test_who_knows_their_password_changes_it_and_stays_only_here(app: FastAPI, people: People) -> None:
    people.add_user("default", "Ada", OLD, Role.READER)
    desk, phone = Reader(app, "Ada"), Reader(app, "Ada")
    assert desk.client.get("/password").status_code == 200
    assert "the old password is wrong" in desk.post("/password", old="wrong horse", new=NEW, again=NEW)[1]
    assert "not written twice alike" in desk.post("/password", old=OLD, new=NEW, again="other words")[1]
    assert desk.ask("POST", "/me/password", old="wrong horse", new=NEW)[0] == 409
    assert phone.inside()
    assert "Your password is changed" in desk.post("/password", old=OLD, new=NEW, again=NEW)[1]
    assert (desk.inside(), phone.inside()) == (True, False)
    assert desk.ask("POST", "/me/password", old=NEW, new=OLD)[0] == 204
    assert people.log_in("Ada", OLD) is not None


def test_a_key_and_a_newcomer_have_no_password(here: TestClient, away: TestClient, people: People) -> None:
    key = people.add_key("default", "script", Role.ADMIN)[1]
    asked = {"json": {"old": OLD, "new": NEW}, "headers": {"authorization": f"Bearer {key}"}}
    assert away.post("/api/v1/me/password", **asked).status_code == 403  # type: ignore[arg-type]
    assert here.post("/password", data={"old": OLD, "new": NEW, "again": NEW}).status_code == 403
    assert "you have no password" in here.get("/password").text


def test_whom_a_provider_vouches_for_is_changed_there(app: FastAPI, people: People, engine: Engine) -> None:
    token, _ = Identities(engine, "https://id.example", lambda: NOW).enter(
        Identity("u-1", "ada", "default", Role.ADMIN)
    )
    ada = people.by_name("ada")
    assert ada is not None
    for change in ({"role": Role.READER}, {"password": NEW}):
        with pytest.raises(Refused, match=r"ada logs in at https://id\.example"):
            people.change_user("default", ada[0], **change)  # type: ignore[arg-type]
    with pytest.raises(Refused, match="logs in at"):
        people.change_own_password(token, "", NEW)
    assert people.remove_user("default", ada[0]) == "ada"  # the provider makes its admins again


def test_the_last_admin_of_a_tenant_stays_one(app: FastAPI, people: People) -> None:
    people.add_user("north", "Bo", OLD, Role.ADMIN)
    eve, ada = people.add_user("default", "Eve", OLD, Role.ADMIN), people.add_user("default", "Ada", OLD, Role.EDITOR)
    reader = Reader(app, "Eve")
    refused = "Eve is the last admin of default; make somebody else one first"
    assert reader.ask("DELETE", f"/users/{eve}") == (
        409,
        {**reader.ask("DELETE", f"/users/{eve}")[1], "detail": refused},
    )
    assert reader.ask("PATCH", f"/users/{eve}", role="editor")[0] == 409
    assert refused in reader.post(f"/access/users/{eve}/role", role="reader")[1]
    assert refused in reader.post(f"/access/users/{eve}/remove")[1]
    assert reader.ask("PATCH", f"/users/{eve}", password=NEW, role="admin")[0] == 200
    assert reader.ask("PATCH", f"/users/{ada}", role="admin")[0] == 200
    assert reader.ask("DELETE", f"/users/{eve}")[0] == 204
    assert not reader.inside()


def test_two_admins_who_remove_one_another_at_once_are_not_both_gone(people: People) -> None:
    for number in range(12):
        both = [people.add_user(f"t{number}", f"{name} {number}", OLD, Role.ADMIN) for name in ("Eve", "Ada")]
        barrier = Barrier(2)

        def remove(user: str, tenant: str = f"t{number}", barrier: Barrier = barrier) -> bool:
            barrier.wait(10)
            try:
                return people.remove_user(tenant, user) is not None
            except Refused:
                return False

        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(remove, both)) == [False, True]


@pytest.fixture
def operator(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[People]:
    """Whoever sits at the command line, beside what they do."""
    monkeypatch.setenv("VISITWIRE_DATA_DIR", str(settings.data_dir))
    engine = open_database(settings.gateway_database.get_secret_value())
    yield People(engine)
    engine.dispose()


def run(*words: str, stdin: str | None = None) -> tuple[int, str]:
    done = CliRunner().invoke(commands, list(words), input=stdin)
    return done.exit_code, " ".join(done.output.split())


def test_a_container_is_set_up_without_a_terminal(operator: People, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text(f"{OLD}\n", "utf-8")
    add = ("add-user", "Ada", "--role", "admin", "--if-missing", "--password-file")
    assert run(*add, str(secret)) == (0, "Ada may log in as admin.")
    assert run(*add, str(tmp_path / "none")) == (0, "User Ada exists already; nothing was changed.")
    assert run("add-user", "Bo", "--password-file", "-", stdin=f"{NEW}\r\n")[0] == 0
    assert operator.log_in("Ada", OLD) is not None
    assert operator.log_in("Bo", NEW) is not None
    assert operator.log_in("Ada", f"{OLD}\n") is None
    assert run("add-user", "Cy", "--password-file", str(tmp_path / "none"))[0] == 2
    assert run("add-user", "Ada", "--password-file", str(secret))[0] == 2
    lines = [(line.who, line.action, line.what) for line in operator.audit("default", 9)]
    assert lines == [("the command line", "added a user", what) for what in ("Bo (reader)", "Ada (admin)")]


def test_at_a_terminal_the_password_is_asked_for_twice(operator: People) -> None:
    assert run("add-user", "Ada", stdin=f"{OLD}\n{OLD}\n")[0] == 0
    assert operator.log_in("Ada", OLD) is not None
    assert run("add-user", "Bo", stdin=f"{OLD}\n{NEW}\n")[0] != 0
    assert operator.by_name("Bo") is None


def test_the_command_line_changes_a_role_and_a_password(operator: People) -> None:
    operator.add_user("north", "Ada", OLD, Role.ADMIN)
    token = (operator.log_in("Ada", OLD) or ("", None))[0]
    code, said = run("set-role", "Ada", "reader")
    assert code == 2
    assert "the last admin of north" in said
    operator.add_user("north", "Eve", OLD, Role.ADMIN)
    assert run("set-role", "Ada", "reader") == (0, "Ada may log in as reader.")
    assert operator.by_session(token) is None
    assert run("set-password", "Ada", "--password-file", "-", stdin=NEW) == (0, "Ada has a new password.")
    assert operator.log_in("Ada", NEW) is not None
    assert run("set-password", "Nobody", "--password-file", "-", stdin=NEW)[0] == 2
    assert run("set-role", "Ada", "king")[0] == 2
    lines = [(line.action, line.what) for line in operator.audit("north", 9)]
    assert lines == [("changed a password", "Ada"), ("changed a role", "Ada (reader)")]
