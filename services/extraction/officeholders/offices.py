"""The office of a row as wires call it: "Minister of Finance and Treasury" is a Finance Minister."""

import re

KINDS = frozenset({"head_of_state", "head_of_government", "deputy", "minister", "royal", "head_of_organization"})
_MONARCHS = {
    "JP": "Emperor", "KW": "Emir", "QA": "Emir", "BH": "King", "OM": "Sultan", "BN": "Sultan", "LU": "Grand Duke",
    "LI": "Prince", "MC": "Prince", "VA": "Pope", "AE": "President", "SA": "King", "MA": "King", "MY": "King",
}  # fmt: skip
_GOVERNMENT = {"DE": "Chancellor", "AT": "Chancellor", "IE": "Taoiseach", "CN": "Premier", "TW": "Premier",
               "KP": "Premier", "SU": "Prime Minister", "HK": "Chief Executive"}  # fmt: skip
_OWN_WORDS = {
    ("US", "foreign"): "Secretary of State", ("GB", "foreign"): "Foreign Secretary",
    ("PH", "foreign"): "Foreign Secretary", ("IN", "foreign"): "External Affairs Minister",
    ("GB", "finance"): "Chancellor of the Exchequer", ("US", "finance"): "Treasury Secretary",
    ("US", "defence"): "Defense Secretary", ("GB", "defence"): "Defence Secretary",
    ("PH", "defence"): "Defense Secretary", ("GB", "interior"): "Home Secretary",
}  # fmt: skip
_PLAIN_PRESIDENT = re.compile(
    r"^(?:head of state|effective head of the executive|president(?: \(acting\))?|interim president|"
    r"president of the (?:republic|united states|republic of \w+))$",
    re.IGNORECASE,
)
_OF = re.compile(
    r"(?:Federal |State |First |Union |Cabinet )?(Minister|Secretary)(?: of State)?,?(?: (?:of|for)(?: the)?)? (.+)"
)


def office_of(row: dict[str, str]) -> tuple[str, str]:
    """Kind and words of the office. A vice president is a head of state's deputy, a deputy premier a head of
    government's; a governor-general is an official."""
    kind, office, country = row["kind"], row["office"].strip(" _"), row["country"]
    if kind == "head_of_state":
        return _head_of_state(row, office, country)
    if kind == "head_of_government":
        if office.lower() in ("president", "president of the republic", "president of the united states"):
            return kind, "President"
        known = re.match(r"(?i)head of government|prime minister|effective head", office)
        return kind, _GOVERNMENT.get(country, "Prime Minister") if known else office
    if kind == "deputy":
        return ("head_of_state" if "resident" in office else "head_of_government"), office.replace("Vice-", "Vice ")
    return kind, _minister(row, office, country) if kind == "minister" else office


def _head_of_state(row: dict[str, str], office: str, country: str) -> tuple[str, str]:
    if row["portfolio"] == "monarch" or re.match(r"(?i)monarch|king|queen|emir|sultan|emperor", office):
        queen = "Queen" if row["gender"] == "female" else "King"
        return "head_of_state", _MONARCHS.get(country, queen)
    if row["portfolio"] == "governor-general" or re.match(r"(?i)governor.general", office):
        return "official", "Governor General"
    return "head_of_state", "President" if _PLAIN_PRESIDENT.match(office) else office[0].upper() + office[1:]


def _minister(row: dict[str, str], office: str, country: str) -> str:
    first = row["portfolio"].split(";")[0]
    if (country, first) in _OWN_WORDS:
        return _OWN_WORDS[country, first]
    if first == "foreign" and re.search(r"(?i)foreign|external", office):
        return "Foreign Minister"
    if first == "defence" and re.search(r"(?i)defen[cs]e|armed forces", office):
        return "Defence Minister"
    found = _OF.match(office)
    if found is None:
        return office[0].upper() + office[1:] if office else "Minister"
    field = re.split(r",| & | and |\(", found[2])[0].strip()
    return f"{field} {found[1]}"
