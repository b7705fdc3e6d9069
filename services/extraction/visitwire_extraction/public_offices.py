"""Which offices are public ones, and which a state's, by their words: whose, `represented` finds."""

from visitwire_language.classes import office_words
from visitwire_language.phrases import plain

from visitwire_extraction.step_results import Claim, Office, Person

_STATE_KINDS = frozenset({"head_of_state", "head_of_government", "minister", "legislator", "royal", "leader"})
"""Kinds of office that are a state's, where nothing says otherwise."""
_MAYBE_PRIVATE = frozenset({"head_of_organization", "spokesperson", "official"})
"""Kinds that companies have too: for them only public bodies count."""


def _is_public(claim: Claim, person: Person) -> bool:
    """Whether an office is a public one: of a state, of states together, of a party, of a central bank."""
    office = claim.office
    if office.organisation is not None or office.country is not None:
        return True
    words = set(office.words.lower().replace("'s", "").split()) | set((office.owner or "").lower().split())
    return bool(words & office_words("public")) or (
        person.country is not None and person.country_said and office.title.kind != "spokesperson"
    )


def holds_public(claim: Claim, person: Person) -> bool:
    """Whether an office is one that officials have, and not only an occupation or a post in a company."""
    kind = claim.office.title.kind
    return kind not in ("role", "counterpart") and (kind not in _MAYBE_PRIVATE or _is_public(claim, person))


def works_at_home(claim: Claim, person: Person) -> bool:
    """Whether an office is held in one's own country: ambassadors and heads of missions are abroad."""
    words = set(plain(claim.office.words).split())
    abroad = claim.office.title.kind == "envoy" or words & office_words("abroad")
    return holds_public(claim, person) and not abroad


def state_claim(person: Person) -> Claim | None:
    """The office by which somebody is a state's, whichever state it is; None where there is none."""
    for claim in person.claims:
        office = claim.office
        if office.title.kind in _STATE_KINDS and not office.owner:
            if office.title.kind == "leader" and office_words("of a party") & set(office.words.lower().split()):
                continue
            return claim
        if (
            office.title.words in office_words("titles of a state") | office_words("spouses")
            and not office.organisation
        ):
            return claim
        if office.title.words == "secretary" and _is_department(office):
            return claim
        if office.title.words in office_words("of a department") and _is_department(office, at_least=1):
            return claim
        said = set(plain(office.words).split())
        if said == {"vice-president"} and claim.direct and office.determiner is None:
            return claim
        if said & office_words("of a state") and office.title.kind != "role":
            return claim
        if "president" in said and "president" not in office.title.words:
            return claim  # "head of the office of the president"
        if {word.removesuffix("'s") for word in said if word.endswith("'s")} & office_words("own"):
            return claim  # "head of the country's planning body"
    return None


def _is_department(office: Office, at_least: int = 0) -> bool:
    """ "Communications Secretary", "Secretary Yasay": where a state calls its ministers secretaries; "Health and
    Welfare (HAWA) Director", with at least so many fields."""
    title = set(office.title.words.split()) | {office.noun}
    said = {word for word in office.words.lower().split() if word not in title and word[0] != "("}
    fields = said & office_words("fields")
    return not office.owner and len(fields) >= at_least and said <= fields | {"and", "of", "the"}
