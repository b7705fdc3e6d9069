"""Alerting as others use it, and all that they may use: nothing outside this package imports what lies below it."""

from visitwire_alerting.date_wording import dates_words, time_words
from visitwire_alerting.delivery.delivery_history import REPLAYABLE, DeliveryDetail, ReplayRequest
from visitwire_alerting.delivery.digest import GROUPS, group_of
from visitwire_alerting.delivery.message import alike, as_one
from visitwire_alerting.ledger.correction_form import FIELDS, right_of, written
from visitwire_alerting.ledger.enter_hand import HandRequest, pinned
from visitwire_alerting.ledger.fold.alerts import released
from visitwire_alerting.ledger.fold.name_matching import tokens
from visitwire_alerting.ledger.hand_errors import Changed, Unfit, Unknown, changed
from visitwire_alerting.service.alert_links import AlertLink, find_link, hush_by, hushed_by, unsubscribe_by
from visitwire_alerting.service.alerting import Alerting, Contents, open_alerting
from visitwire_alerting.service.errors import Missing, Stale, Taken
from visitwire_alerting.service.tenant import Saved, Tenant
from visitwire_alerting.storage.vault import Vault, open_vault
from visitwire_alerting.subscriptions.address import address
from visitwire_alerting.subscriptions.backtest import LONGEST, BacktestResult, RecordedAlert, count
from visitwire_alerting.subscriptions.expression import DECLARED
from visitwire_alerting.subscriptions.matching import Verdict
from visitwire_alerting.subscriptions.silence import Silence
from visitwire_alerting.subscriptions.stored import Endpoint, Stored, id_of
from visitwire_alerting.subscriptions.subscription_files import Unreadable, accept, sentences
from visitwire_alerting.wording import CHANGES, STATUSES, took_back

__all__ = [
    "CHANGES",
    "DECLARED",
    "FIELDS",
    "GROUPS",
    "LONGEST",
    "REPLAYABLE",
    "STATUSES",
    "AlertLink",
    "Alerting",
    "BacktestResult",
    "Changed",
    "Contents",
    "DeliveryDetail",
    "Endpoint",
    "HandRequest",
    "Missing",
    "RecordedAlert",
    "ReplayRequest",
    "Saved",
    "Silence",
    "Stale",
    "Stored",
    "Taken",
    "Tenant",
    "Unfit",
    "Unknown",
    "Unreadable",
    "Vault",
    "Verdict",
    "accept",
    "address",
    "alike",
    "as_one",
    "changed",
    "count",
    "dates_words",
    "find_link",
    "group_of",
    "hush_by",
    "hushed_by",
    "id_of",
    "open_alerting",
    "open_vault",
    "pinned",
    "released",
    "right_of",
    "sentences",
    "time_words",
    "tokens",
    "took_back",
    "unsubscribe_by",
    "written",
]
