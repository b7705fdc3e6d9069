"""Logins under way and the users a provider vouches for, on each database, by several gateways at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Literal

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Engine
from visitwire_gateway.auth.oidc_identities import Identities
from visitwire_gateway.auth.users import People
from visitwire_gateway.auth.who import Identity, Role, Who

from tests.unit.gateway.samples import NOW

ISSUER = "https://id.example"
ADA = Identity("u-1", "ada", "default", Role.EDITOR)


class Doors:
    """Both gateways' doors, at a time that can pass."""

    def __init__(self, engine: Engine) -> None:
        self.now = NOW
        self.people = People(engine, self.clock)
        self.one, self.other = (Identities(engine, ISSUER, self.clock) for _ in range(2))
        self.elsewhere = Identities(engine, "https://other.example", self.clock)

    def clock(self) -> datetime:
        return self.now


@pytest.fixture
def doors(engine: Engine) -> Doors:
    return Doors(engine)


def test_a_login_is_taken_once_by_whichever_gateway(doors: Doors) -> None:
    asked, browser = doors.one.begin("/map")
    assert doors.other.take(asked.state, "another") is None
    assert doors.other.take("another", browser) is None
    taken = doors.other.take(asked.state, browser)
    assert taken is not None
    assert (taken.asked, taken.back) == (asked, "/map")
    assert doors.one.take(asked.state, browser) is None


def test_a_login_taken_by_many_at_once_is_given_to_one(doors: Doors) -> None:
    asked, browser = doors.one.begin("/")
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda _: doors.one.take(asked.state, browser), range(8)))
    assert sum(one is not None for one in taken) == 1


def test_a_login_is_forgotten_after_ten_minutes(doors: Doors, engine: Engine) -> None:
    asked, browser = doors.one.begin("/")
    doors.now += timedelta(minutes=10)
    assert doors.one.take(asked.state, browser) is None
    doors.now += timedelta(seconds=1)
    doors.one.begin("/")
    with engine.connect() as connection:
        assert connection.exec_driver_sql("select count(*) from openid_logins").scalar() == 1


def test_one_person_who_comes_in_at_once_many_times_is_one_user(doors: Doors) -> None:
    with ThreadPoolExecutor(8) as pool:
        entered = list(pool.map(lambda number: (doors.one, doors.other)[number % 2].enter(ADA), range(8)))
    assert {(who.name, who.role) for _, who in entered} == {("ada", Role.EDITOR)}
    assert [doors.people.by_session(token) for token, _ in entered] == [who for _, who in entered]
    assert [user.name for user in doors.people.users("default")] == ["ada"]


def test_several_persons_of_one_name_who_come_in_at_once_are_told_apart(doors: Doors) -> None:
    people = [Identity(f"u-{number}", "a%a", "default", Role.READER) for number in range(4)]
    with ThreadPoolExecutor(4) as pool:
        names = [who.name for _, who in pool.map(doors.one.enter, people)]
    assert sorted(names) == ["a%a", "a%a (2)", "a%a (3)", "a%a (4)"]


def test_the_same_subject_of_another_provider_is_somebody_else(doors: Doors) -> None:
    names = [identities.enter(ADA)[1].name for identities in (doors.one, doors.elsewhere, doors.other)]
    assert names == ["ada", "ada (2)", "ada"]


def test_role_and_tenant_follow_the_provider_and_the_name_stays(doors: Doors) -> None:
    token, _ = doors.one.enter(ADA)
    doors.one.enter(Identity("u-1", "ada l", "north", Role.READER))
    seen = doors.people.by_session(token)
    assert seen is not None
    assert (seen.tenant, seen.name, seen.role) == ("north", "ada", Role.READER)


def test_who_is_expelled_is_out_everywhere_and_nobody_else_is(doors: Doors) -> None:
    mine = [doors.one.enter(ADA)[0], doors.other.enter(ADA)[0]]
    others, _ = doors.elsewhere.enter(ADA)
    assert doors.one.expel("u-1") == Who("default", "ada", Role.EDITOR)
    assert [doors.people.by_session(token) for token in mine] == [None, None]
    assert doors.people.by_session(others) is not None
    assert doors.one.expel("u-2") is None


def test_a_removed_user_is_forgotten_with_sessions_and_identity(doors: Doors, engine: Engine) -> None:
    token, who = doors.one.enter(ADA)
    assert doors.one.came_from_provider(token)
    [user] = doors.people.users("default")
    assert not doors.people.remove_user("north", user.id)
    assert doors.people.remove_user("default", user.id)
    assert doors.people.by_session(token) is None
    assert doors.one.enter(ADA)[1].name == who.name
    assert [new.id == user.id for new in doors.people.users("default")] == [False]


class Watched(PasswordHasher):
    """Keeps the hashes that passwords were held against."""

    def __init__(self) -> None:
        super().__init__()
        self.hashes: list[str] = []

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:
        self.hashes.append(str(hash))
        return super().verify(hash, password)


@pytest.mark.parametrize("password", ["none", "", "ada"])
def test_no_password_is_right_for_who_comes_by_a_provider_nor_wrong_any_sooner(doors: Doors, password: str) -> None:
    doors.one.enter(ADA)
    doors.people._hasher = watched = Watched()
    assert [doors.people.log_in(name, password) for name in ("ada", "nobody")] == [None, None]
    assert [hash.partition("$v=")[0] for hash in watched.hashes] == ["$argon2id"] * 2
