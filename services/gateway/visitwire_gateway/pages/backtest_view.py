"""What the filter of a subscription's form would have sent, as its page shows it."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from visitwire_alerting.service import (
    Alerting,
    BacktestResult,
    RecordedAlert,
    Verdict,
)
from visitwire_schemas import Alert

from visitwire_gateway.dependencies import Gateway
from visitwire_gateway.pages.subscription_fields import FormValues
from visitwire_gateway.pages.subscription_form import FormRejected, asked_filter

DAYS = 30
SHOWN = 40
"""Alerts that the back-test lists."""
NEAR = 6


@dataclass(frozen=True)
class Day:
    day: date
    of: int
    sent: int


@dataclass(frozen=True)
class BacktestView:
    """What the back-test's part of the page shows."""

    of: int
    sent: int
    days: tuple[Day, ...]
    most: int
    alerts: tuple[tuple[datetime, Alert], ...]
    near: tuple[tuple[Alert, Verdict], ...]
    nears: int


def result(ledger: Alerting, tried: BacktestResult, now: datetime) -> BacktestView:
    of, sent = _by_day(tried.of), _by_day(tried.sent)
    days = [now.date() - timedelta(days=back) for back in reversed(range(DAYS + 1))]
    shown = tried.sent[:SHOWN]
    near = tried.near[:NEAR]
    alerts = ledger.alerts(shown)
    return BacktestView(
        len(tried.of),
        len(tried.sent),
        tuple(Day(day, of[day], sent[day]) for day in days),
        max(of.values(), default=1),
        tuple((told.at, alert) for told, alert in zip(shown, alerts, strict=True)),
        tuple(
            (alert, verdict)
            for alert, (_, verdict) in zip(ledger.alerts([told for told, _ in near]), near, strict=True)
        ),
        len(tried.near),
    )


def _by_day(told: tuple[RecordedAlert, ...]) -> Counter[date]:
    return Counter(one.at.date() for one in told)


def tried_by(gateway: Gateway, ledger: Alerting, form: FormValues) -> BacktestView | str:
    """What the form's filter would have sent; a sentence where it is none."""
    try:
        wanted = asked_filter(form)
    except FormRejected as wrong:
        return str(wrong)
    now = gateway.clock()
    return result(ledger, ledger.backtest.ask(wanted, now, DAYS), now)
