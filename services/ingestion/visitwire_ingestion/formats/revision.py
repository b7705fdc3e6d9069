"""What a version is to the ones before it, by the agency's codes and by the desk's own words.

Desks write these words in capitals, in the take, at the start of the headline or in the slug, set apart by a dash, a
colon or a bracket. Only such places count, so that "Flash floods", "Snap election" or "TROOP WITHDRAWAL BEGINS" say
nothing about the item.
"""

import re

from visitwire_schemas import PubStatus, Revision

from visitwire_ingestion.formats.dialect import Dialect
from visitwire_ingestion.formats.draft import Draft
from visitwire_ingestion.formats.label_patterns import (
    ADVISED,
    ALERTED,
    ASKED,
    ATTENTION,
    CORRECTED,
    CORRECTED_IN_ANY_CASE,
    HEADLINED,
    KILLED,
    KILLED_IN_BRACKETS,
    MEANT,
    REFILED,
    REPEATED,
)

_APART = r"(?=\s*[-:–—(),/;.!：、，。】〕］\])]|\s*$)"
_BEFORE = rf"^\W*(?:(?:{ATTENTION})(?=\W|$)[\s:.,!！：-]*)*"
KILL = re.compile(
    rf"{_BEFORE}(?:(?i:(?:MANDATORY|BULLETIN|ADVISORY) KILL\b)|KILL(?:ED)?(?:[ /]KILL)*{_APART}|KILL(?: KILL)+\b"
    r"|KILL (?:THE )?(?i:item|story)\b|DO NOT (?:USE|PUBLISH)\s*(?:[-–—:/]|$)"
    r"|STORY (?:IS |HAS BEEN )?(?:WITHDRAWN|KILLED|RETRACTED|RECALLED|REMOVED|DELETED|ELIMINATED)\b"
    r"|(?i:(?:this |the )?story (?:is |has been )?(?:withdrawn|killed|retracted|recalled)\W*$)"
    r"|(?i:this (?:story|article|report|item|dispatch) (?:has been|was|is)"
    r" (?:withdrawn|killed|retracted|recalled|taken down)(?:\.\s|\W*$))"
    rf"|(?:{KILLED}){_APART}"
    r"|MELDUNG ZURÜCKGEZOGEN|DEPECHE ANNULEE|DÉPÊCHE ANNULÉE|NOTICIA ANULADA)"
    rf"|^\W{{0,2}}[\[(【〔［（](?:(?i:(?:story |item |report )?(?:kill(?:ed)?|mandatory kill"
    rf"|withdrawn|retracted|deleted|removed)|annul[ée]e?|anulad[oa]|{KILLED})|{KILLED_IN_BRACKETS})[\])】〕］）]"
    rf"|[\[(](?:KILL|MANDATORY KILL|{KILLED})[\])]"
    r"|(?:\s[-–—]+\s|,\s?)(?:KILL|WITHDRAWN|RETRACTED|ELIMINATION)\W*$|--[^,\n]{2,60},\s?Kill\W*$"
    r"|^(?i:(?:mandatory )?kill|retract(?:ed|ion)|zurückgezogen):(?=\s)"
)
"""Words that take an item back, where desks put them: capitals set apart, in brackets, or before a colon."""
_MANDATORY = re.compile(r"\b(?:a )?kill is mandatory\b", re.IGNORECASE)
_ASKED = re.compile(
    r"^\W*(?=\w+\b.{0,40}\b(?:please|kindly|bitte|prière|rogamos|por favor)\b|(?:please|bitte|prière|rogamos)\b"
    r"|(?:editors|eds|redaktion(?:en)?|achtung|attention|note to editors)\b)"
    r"(?:(?:editors|eds|attention|achtung|redaktion(?:en)?|note to editors|an die redaktionen|urgent)\b[\s:.,!-]*)*"
    r"(?:please |kindly |bitte |prière (?:d[e'] ?)|rogamos |por favor )?"
    r"(?:(?:kill|withdraw|retract|disregard|delete|do not (?:use|publish)|annuler|supprimer|anul(?:ar|en))\b"
    rf".{{0,40}}\b(?:{MEANT}|[a-z]{{1,3}}\d{{3,5}})\b|(?:die |unsere |diese |obige )?{MEANT}\b.{{0,60}}\b"
    r"(?:nicht (?:zu )?(?:verwenden|veröffentlichen|benutzen)|zurückziehen|löschen))",
    re.IGNORECASE,
)
"""A sentence to editors, at the start, that asks to take an item back."""
_ASKED_TOO = re.compile(rf"^\W*(?:(?:{ATTENTION})(?=\W)[\s:.,!-]*)*(?:{'|'.join(ASKED)})", re.IGNORECASE)
_NOTED = re.compile(
    rf"^\W*(?:kill|withdraw|retract|disregard|delete|do not (?:use|publish))\b.{{0,40}}\b{MEANT}\b", re.IGNORECASE
)
"""The same in a note, where it is editors who are meant."""
_NOT_ALL = re.compile(
    r"\b(?:before|until|till(?=\s+(?:\d|\w{2,7}day|noon|further|tomorrow))|vor|bis|avant|jusqu|antes|hasta"
    r"|до|قبل|zanim|przed|før|ennen|prima|earlier|previous|prior|original|frühere\w*|vorige\w*|vorherige\w*|précédent\w*|anterior\w*"
    r"|sentences?|paragraphs?|paras?|graf?s|lines?|photos?|pictures?|graphics?|captions?|headline|byline|satz|absatz|phrase)\b",
    re.IGNORECASE,
)
"""What makes it an embargo, a correction of what came before, or a cut: nothing is taken back."""
_TAKEN_BACK = re.compile(
    r"(?:^|[:/#_.\s-])(?:remove[ds]?|delete[ds]?|withdraw[ns]?|withdrawal|retract(?:ed|ion|s)?|kill(?:ed|s)?|cancel(?:l?ed)?"
    r"|recall(?:ed)?|rescind(?:ed)?|annul(?:ation|ed)?|takedown|poista)(?:$|[:/#_.\s-])",
    re.IGNORECASE,
)
"""A signal, an instruction or a status that says so in a code: "sttinstruct:remove"."""
_SIGNAL = re.compile(
    r"(?:^|[:/#_.\s-])(?:correct(?:ion|ed|ive)|corr|rectificat\w+|korrektur)(?:$|[:/#_.\s-])", re.IGNORECASE
)
HOLD = re.compile(_BEFORE + r"(?:MANDATORY HOLD\b|HOLD" + _APART + r"|HOLD FOR RELEASE\b)")
_WORDS = (
    (Revision.CORRECTION, CORRECTED),
    (Revision.REFILE, REFILED),
    (Revision.REPEAT, REPEATED),
    (Revision.ADVISORY, ADVISED),
    (Revision.ALERT, ALERTED),
)
_APARTS = tuple((kind, re.compile(rf"(?:^|[\s(,/\[【〔［（-])(?:{words}){_APART}")) for kind, words in _WORDS)
_ALONE = tuple((kind, re.compile(rf"\b(?:{words})\b", re.IGNORECASE)) for kind, words in _WORDS)
_CORRECTED = re.compile(rf"^\W{{0,2}}(?:{CORRECTED_IN_ANY_CASE})\s?:", re.IGNORECASE)
_ALERT_SLUG = re.compile(r"NewsAlert|News Alert")
_UPDATE = re.compile(
    r"\bUPDATE \d|\bUPDATED?"
    + _APART
    + r"|\b\d+(?:st|nd|rd|th) ?(?:ld|lead|update)|\bLEAD-?ALL\b|^\W{0,2}\(LEAD\)|\bWRITE-?THRU\b"
    r"|\b(?:\d+(?:st|nd|rd|th) )?ADD \d|\bTAKE \d|\b\d+(?:st|nd|rd|th) add\b"
    r"|\b(?:zusammenfassung|neufassung|synthèse)\b",
    re.IGNORECASE,
)
_TAKE = re.compile(
    r"\b((?:UPDATE|TAKE|ADD) \d+|\d+(?:ST|ND|RD|TH) ?(?:LD-?WRITETHRU|LD|LEAD|ADD|UPDATE|WRITETHRU)(?:-WRITETHRU)?)\b",
    re.IGNORECASE,
)


_VICTIM = re.compile(
    r"\b(?i:kill|item|story|number|no\.?|meldung|nummer|nr\.?|dépêche|notizia|noticia|saken|bericht|сообщение)\s+(?:n[°º.]\s?)?(?P<name>[A-Za-z]{0,6})\s?(?P<number>\d{2,5})\b"
)

_HEADLINED = re.compile(
    rf"\b(?:{HEADLINED})[\s,:]*"
    r"[\"“„«'‘「《](?P<said>[^\"”“»」》]{8,200}?)[\"”“»'’」》]",
    re.IGNORECASE,
)


_QUOTED = re.compile(r"[\"“„«‘「《](?P<said>[^\"”“»’」》\n]{8,200})[\"”“»’」》]|(?<!\w)'(?P<bare>[^'\n]{8,200})'(?!\w)")
"""What stands in quotation marks, in a sentence that takes a story back."""


def victim(draft: Draft) -> str | None:
    """The item that a kill names in its words: "dpa157" of "KILL … item dpa 157", or its quoted headline."""
    words = " ".join(each for each in (draft.take, draft.headline, draft.ednote, draft.text[:2000]) if each)
    if found := _VICTIM.search(words):
        return f"{found['name'].lower()}{int(found['number'])}"
    quoted = _HEADLINED.search(words) or next(
        (_QUOTED.search(each) for each in _opening(draft) if asks_back(each)), None
    )
    named = quoted and (quoted["said"] or quoted.groupdict().get("bare"))
    return called_by_headline(named) if named else None


def _opening(draft: Draft) -> list[str]:
    """Where a request to take something back may stand."""
    return [each for each in (draft.headline, draft.ednote, draft.text) if each]


def called_by_headline(headline: str) -> str:
    """The name that a story has by its headline, where it has no id that a desk would use."""
    return f"headline:{headline.lower().strip(' .,')[:280]}"


def take(draft: Draft) -> str | None:
    """ "UPDATE 2", "1st Ld-Writethru", "3rd add": from the slug or the headline."""
    found = _TAKE.search(draft.slugline or "") or _TAKE.search(draft.headline or "")
    return found[1] if found else None


def unlabelled(headline: str) -> str:
    """The headline without the word that takes the story back: "Andrade to visit" of "[KILL] Andrade to visit"."""
    return KILL.sub("", headline, count=1).strip(" \t-:–—.,;[]()").lower()


def takes_back(code: str | None) -> bool:
    """Whether a format's code for what to do with an item says that it must go."""
    return bool(_TAKEN_BACK.search(code or ""))


def means_all(request: str) -> bool:
    """Whether a request to take something back means the whole story, and for good."""
    return not _NOT_ALL.search(request)


def asks_back(words: str) -> bool:
    """Whether the words open with the request to take a story back, all of it and for good."""
    said = words.partition("\n")[0][:300]
    return bool(_ASKED.match(said) or _ASKED_TOO.match(said)) and means_all(said)


def _asked(draft: Draft) -> bool:
    """Whether the item, or its note, opens with the request to take a story back, all of it and for good."""
    said = _opening(draft)
    if draft.ednote and _NOTED.match(draft.ednote) and means_all(draft.ednote.partition("\n")[0]):
        return True
    return any(asks_back(each) or _MANDATORY.search(each.partition("\n")[0][:300]) for each in said)


def labels(draft: Draft) -> list[str]:
    """Where desks say what an item is: take, headline, slug, and how the text begins; never its running text."""
    return [each for each in (draft.take, draft.headline, draft.slugline, draft.text.partition("\n")[0][:80]) if each]


def revision(draft: Draft, dialect: Dialect) -> Revision:
    """The kind of version; NEW where nothing says otherwise."""
    if draft.pubstatus == PubStatus.CANCELED:
        return Revision.KILL
    for signal in draft.signal:
        if signal in dialect.revisions:
            return dialect.revisions[signal]
        if _TAKEN_BACK.search(signal):
            return Revision.KILL
        if _SIGNAL.search(signal):
            return Revision.CORRECTION
    if any(KILL.search(label) for label in [*labels(draft), (draft.ednote or "").partition("\n")[0][:80]]):
        return Revision.KILL
    if _asked(draft):
        return Revision.KILL
    desk = [each for each in (draft.headline, draft.slugline) if each]
    if any(_CORRECTED.match(each) for each in desk):
        return Revision.CORRECTION
    for (kind, apart), (_, alone) in zip(_APARTS, _ALONE, strict=True):
        if any(apart.search(each) for each in desk) or alone.search(draft.take or ""):
            return kind
    if _ALERT_SLUG.search(draft.slugline or ""):
        return Revision.ALERT
    updated = "sig:update" in draft.signal or any(_UPDATE.search(each) for each in [*desk, draft.take or ""])
    return Revision.UPDATE if updated else Revision.NEW
