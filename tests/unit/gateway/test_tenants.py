"""Two tenants, one gateway, one ledger: neither ever sees or changes what is the other's, whatever they do."""

from typing import Any, ClassVar

from fastapi import FastAPI
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from starlette.testclient import TestClient
from visitwire_alerting.service import Alerting
from visitwire_gateway.auth.who import Role

from tests.unit.gateway.samples import NOW, alert, visit
from tests.unit.gateway.subscription_samples import deliver, match, mine, record

NORTH, SOUTH = "north", "south"
TENANTS = st.sampled_from([NORTH, SOUTH])
IDS = st.sampled_from(["a", "b"])


class Tenants(RuleBasedStateMachine):
    """Saving, changing, silencing, delivering, replaying and removing, over HTTP, beside a model of who has what."""

    client: ClassVar[TestClient]
    ledger: ClassVar[Alerting]
    headers: ClassVar[dict[str, dict[str, str]]]

    def __init__(self) -> None:
        super().__init__()
        self.known: dict[str, dict[str, str]] = {NORTH: {}, SOUTH: {}}
        self.count = 0
        for tenant in self.known:
            for one in mine(self.ledger, tenant).subscriptions():
                self.ask("DELETE", tenant, f"/subscriptions/{one.subscription.id}")

    def ask(self, method: str, tenant: str, path: str, **sent: Any) -> Any:
        headers = {**self.headers[tenant], "if-match": "*"}
        return self.client.request(method, f"/api/v1{path}", headers=headers, **sent)

    @rule(tenant=TENANTS, id=IDS)
    def add(self, tenant: str, id: str) -> None:
        self.count += 1
        item = {"id": id, "name": f"{tenant} {self.count}", "channels": [{"kind": "console"}]}
        answer = self.ask("POST", tenant, "/subscriptions", json=item)
        assert answer.status_code == (409 if id in self.known[tenant] else 201)
        self.known[tenant].setdefault(id, f"{tenant} {self.count}")

    @rule(tenant=TENANTS, id=IDS)
    def change(self, tenant: str, id: str) -> None:
        self.count += 1
        name = f"{tenant} {self.count}"
        answer = self.ask("PUT", tenant, f"/subscriptions/{id}", json={"name": name})
        assert answer.status_code == (200 if id in self.known[tenant] else 404)
        if id in self.known[tenant]:
            self.known[tenant][id] = name

    @rule(tenant=TENANTS, id=IDS)
    def remove(self, tenant: str, id: str) -> None:
        answer = self.ask("DELETE", tenant, f"/subscriptions/{id}")
        assert answer.status_code == (204 if self.known[tenant].pop(id, None) else 404)

    @rule(tenant=TENANTS, id=IDS)
    def hush(self, tenant: str, id: str) -> None:
        answer = self.ask("POST", tenant, f"/subscriptions/{id}/silences", json={"seconds": 60})
        assert answer.status_code == (201 if id in self.known[tenant] else 404)

    @rule(tenant=TENANTS)
    def be_told(self, tenant: str) -> None:
        match(self.ledger, tenant)
        deliver(self.ledger)

    @rule(tenant=TENANTS)
    def reach_for_the_others_deliveries(self, tenant: str) -> None:
        theirs = self._deliveries(SOUTH if tenant == NORTH else NORTH)
        assert self._deliveries(tenant).isdisjoint(theirs)
        for number in sorted(theirs)[:2]:
            assert self.ask("GET", tenant, f"/deliveries/{number}").status_code == 404
            assert self.ask("POST", tenant, f"/deliveries/{number}/replay").status_code == 404
        self.ask("POST", tenant, "/deliveries/replay", json={"since": "2026-01-01T00:00:00Z"})
        assert self._deliveries(SOUTH if tenant == NORTH else NORTH) == theirs

    def _deliveries(self, tenant: str) -> set[int]:
        return {one["number"] for one in self.ask("GET", tenant, "/deliveries?limit=200").json()["items"]}

    @invariant()
    def each_sees_its_own(self) -> None:
        for tenant, known in self.known.items():
            seen = self.ask("GET", tenant, "/subscriptions").json()["items"]
            assert {one["id"]: one["name"] for one in seen} == known
            hushed = self.ask("GET", tenant, "/silences").json()
            assert {one["subscription"] for one in hushed} <= known.keys()
            audit = self.ask("GET", tenant, "/audit?limit=200").json()
            assert {line["who"] for line in audit} <= {f"key {tenant}"}


def test_tenants_never_see_one_another(app: FastAPI, ledger: Alerting) -> None:
    people = app.state.gateway.access.people
    keys = {tenant: people.add_key(tenant, tenant, Role.ADMIN)[1] for tenant in (NORTH, SOUTH)}
    record(ledger, [(NOW, alert(visit()))])
    with TestClient(app, base_url="http://board.example", client=("203.0.113.7", 5)) as client:
        headers = {tenant: {"authorization": f"Bearer {key}"} for tenant, key in keys.items()}
        bound = type("Bound", (Tenants,), {"client": client, "ledger": ledger, "headers": headers})
        few = settings(max_examples=10, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck))
        run_state_machine_as_test(bound, settings=few)  # type: ignore[no-untyped-call]
