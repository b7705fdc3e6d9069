"""When two names, or two titles, are one person's.

Wires spell names differently ("Zelenskyy", "Zelensky"), shorten them ("S. Jaishankar", "Lavrov") and give titles
instead of names ("the Chinese president"). Nothing here knows any person.
"""

import re
import unicodedata
from functools import cache, lru_cache

from visitwire_language.gazetteer.countries import country_words
from visitwire_language.name_sound import sounds
from visitwire_schemas import OfficeKind, OfficeStanding

PARTICLES = frozenset(
    "al bin ibn da de del di dos du el la le van von der den ul mr mrs ms dr sir jr sr".split()  # noqa: SIM905
)
"""Words of a name that two different people often share, or that a wire may drop."""

PORTFOLIOS = {
    "foreign": ("foreign affairs", "external affairs", "external relations", "foreign", "secretary of state"),
    "defence": ("defence", "defense"),
    "finance": ("finance", "treasury", "exchequer"),
    "interior": ("interior", "home affairs", "home minister", "home secretary", "internal affairs"),
    "trade": ("trade", "commerce"),
    "economy": ("economy", "economic", "economics"),
    "energy": ("energy", "oil", "petroleum"),
    "agriculture": ("agriculture", "farm"),
    "health": ("health",),
    "justice": ("justice", "attorney general"),
    "industry": ("industry",),
    "transport": ("transport", "transportation"),
    "culture": ("culture",),
    "education": ("education",),
    "environment": ("environment", "climate"),
    "labour": ("labour", "labor"),
}
"""What a minister is minister of, by the words that say so."""

_SECRET = r"(?:intelligence|spy|secret service|mossad|shin bet|cia|mi6|fsb)"

HEADS: tuple[tuple[str, str], ...] = (
    (r"(?:top|chief) (?:[\w.]+ )?diplomat|foreign policy chief", "minister:foreign"),
    (r"(?:pentagon|defen[cs]e) chief", "minister:defence"),
    (
        rf"{_SECRET} (?:chief|director|head|boss)|(?:chief|director|head|boss) of (?:[\w']+ ){{0,2}}{_SECRET}",
        "intelligence",
    ),
    (r"(?:national )?security (?:advis[eo]r|aide|chief|council)", "security"),
    (
        r"(?:army|armed forces|military) chief|chief of (?:the )?(?:general |defen[cs]e |army |naval |air )?staff",
        "chief_of_staff",
    ),
    (r"vice[- ]president|vice[- ]premier", "vice"),
    (r"prime minister|premier|chancellor|taoiseach|head of government", "head_of_government"),
    (r"secretary[- ]general|director[- ]general|managing director|high representative", "head_of_organization"),
    (r"crown prince|crown princess", "crown_prince"),
    (r"king|queen|emperor|sultan|emir|monarch|president|head of state|pope|pontiff", "head_of_state"),
    (r"speaker", "speaker"),
    (r"envoy|special representative|emissary", "envoy"),
    (r"negotiator", "negotiator"),
    (r"delegations?|missions?|team", "delegation"),
    (r"minister|secretary", "minister"),
    (
        r"(?<!party )(?<!opposition )(?<!political )(?<!religious )(?<!supreme )(?<!majority )(?<!minority )leader",
        "leader",
    ),
)
"""Words of a title, the more particular first, and the office that they name."""

RANKS = frozenset(
    "a an the senior top chief high-ranking high-level leading lead special visiting new incoming veteran".split()  # noqa: SIM905
)
"""Words before a title that say nothing of which it is."""

_BY_WORDS = frozenset({"vice", "delegation", "intelligence", "security", "chief_of_staff"})
"""What the words of a title say more particularly than extraction's kinds do; so do those of a minister's portfolio."""
_HEADS_OF = (OfficeKind.HEAD_OF_STATE, OfficeKind.HEAD_OF_GOVERNMENT)

_VAGUER = {
    "head_of_state": "leader",
    "head_of_government": "leader",
    "crown_prince": "leader",
    "chief_of_staff": "military",
}
"""What else an office may be called: the country's leader, of its chancellor; its top general, of the army's chief."""

_STANDINGS = (OfficeStanding.FORMER, OfficeStanding.DEPUTY, OfficeStanding.ELECT, OfficeStanding.DESIGNATE)


def fold(text: str) -> str:
    """Lower case without accents and with the letters alike that transliterations exchange: y and i, kh and h."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).casefold()
    return re.sub(r"(.)\1+", r"\1", bare.replace("y", "i").replace("kh", "h").replace("j", "i").replace("w", "v"))


@lru_cache(maxsize=16_384)
def tokens(name: str) -> tuple[str, ...]:
    """The parts of a name that tell people apart, folded, initials kept as one letter."""
    words = re.findall(r"[^\W\d_]+", name.replace("'", "").replace("’", ""))
    kept = [fold(word) for word in words if word.casefold() not in PARTICLES]
    return tuple(kept or [fold(word) for word in words])


def alike(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether two names, as tokens, may be one person's: the same surname and no other given name.

    One name may be a part of the other ("Xi", "Xi Jinping"), shorten it to initials ("S. Jaishankar"), or spell the
    given name ("Ismail Haniyeh", "Ismael Haniyeh") or the surname another way ("Araqchi", "Araghchi"; see `sound`).
    """
    short, long = sorted((sounds(one), sounds(other)), key=len)
    if set(short) <= set(long):
        return bool(short)
    return len(short) > 1 and short[-1] == long[-1] and _given_alike(one[0], other[0])


def _given_alike(one: str, other: str) -> bool:
    shorter, longer = sorted((one, other), key=len)
    return longer.startswith(shorter) if len(shorter) == 1 else _bones(one) == _bones(other)


def _bones(name: str) -> str:
    """A name without the vowels that transliterations exchange ("Ismail", "Ismael"); a short one as it is."""
    return name[0] + re.sub(r"[aeiou]", "", name[1:]) if len(name) > 4 else name


def office(label: str | None, kind: OfficeKind | None = None, standing: OfficeStanding | None = None) -> str | None:
    """The office that a title names, the same for every wording of it: "minister:foreign", "head_of_state".

    `kind` and `standing` are what extraction made of the person's office, where it did.
    """
    words = (label or "").casefold().replace("’", "'")
    if not words and kind is None:
        return None
    head = next((key for pattern, key in HEADS if re.search(rf"\b(?:{pattern})\b", words)), None)
    if kind is not None and kind not in (OfficeKind.OFFICIAL, OfficeKind.ROYAL) and not _says_more(head, kind):
        head = kind.value
    if head is None:
        return f"title:{fold(_bare(words))}" if words else None
    if head in ("minister", "delegation"):
        head = f"{head}:{'+'.join(_portfolios(words))}"
    prefix = standing.value if standing in _STANDINGS else _standing(words)
    return f"{prefix} {head}" if prefix else head


def _says_more(head: str | None, kind: OfficeKind) -> bool:
    """Whether the words of a title say more of the office than its kind does; who is called a country's leader may be
    its president or its prime minister, whichever extraction took."""
    if head is None:
        return False
    return head in _BY_WORDS or head.startswith("minister:") or (head == "leader" and kind in _HEADS_OF)


@lru_cache(maxsize=4_096)
def _bare(title: str) -> str:
    """A title without the words before it that say whose it is, or how high: "senior Iranian official", "an official of
    Iran's", are both "official"."""
    words = title.split()
    while len(words) > 1 and (words[0] in RANKS or re.search(r"'s?$", words[0]) or words[0] in _peoples()):
        words = words[1:]
    return " ".join(words)


@cache
def _peoples() -> frozenset[str]:
    """The adjectives of countries that are one word, and what countries are called in titles."""
    known = (word for each in country_words().values() for word in (*each.people, *each.names, *each.metonyms))
    return frozenset(word.casefold() for word in known if " " not in word)


def general(office: str | None) -> str | None:
    """The vaguer form of an office, by which a story may mean it: a delegation, of a trade delegation; the minister, of
    the foreign minister; the country's leader, of its president."""
    if office is None:
        return None
    if particular := re.match(r"(delegation:|minister:).", office):
        return particular[1]
    return _VAGUER.get(office)


def same_title(one: str | None, other: str | None) -> bool:
    """Whether two offices, as `office` gives them, may be one: the same, or one is the vaguer form of the other."""
    return one == other or (one is not None and other is not None and (one == general(other) or general(one) == other))


def _portfolios(words: str) -> list[str]:
    return sorted(key for key, forms in PORTFOLIOS.items() if any(re.search(rf"\b{form}\b", words) for form in forms))


def _standing(words: str) -> str | None:
    for pattern, standing in ((r"\b(?:former|ex)\b", "former"), (r"\b(?:deputy|junior)\b", "deputy")):
        if re.search(pattern, words):
            return standing
    if re.search(r"\bvice[- ](?:foreign|minister|finance|trade)", words):
        return "deputy"
    return "elect" if re.search(r"-elect\b", words) else None
