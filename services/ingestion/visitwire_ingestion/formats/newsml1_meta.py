"""What NewsML 1 says about a story beside its words: NewsLines, descriptions, rights."""

from collections.abc import Iterator

from visitwire_schemas import Author, Place, Subject

from visitwire_ingestion.formats.dateline import dateline
from visitwire_ingestion.formats.draft import Draft
from visitwire_ingestion.formats.elements import Element, attribute, attribute_at, every, first, name, text_at, words

_SUBJECTS = ("Subject", "SubjectMatter", "SubjectDetail", "SubjectQualifier")


def lines(made: Draft, components: list[Element]) -> None:
    """NewsLines, the first of each kind in document order."""

    def line(kind: str) -> str | None:
        return next((said for each in components for said in _lines_of(each, kind)), None)

    made.headline = line("HeadLine")
    made.byline = line("ByLine")
    made.slugline = line("SlugLine") or made.slugline
    made.creditline = line("CreditLine")
    made.copyrightnotice = line("CopyrightLine")
    made.dateline = dateline(line("DateLine"), made.versioncreated.date() if made.versioncreated else None)
    made.keywords = [word for each in components for word in _lines_of(each, "KeywordLine")]
    for each in components:
        for news_line in every(each, "NewsLines/NewsLine"):
            kind = (attribute_at(news_line, "NewsLineType", "FormalName") or "").lower()
            if "ednote" in kind or "editor" in kind:
                made.ednote = made.ednote or text_at(news_line, "NewsLineText")
            elif kind in ("summary", "abstract"):
                made.abstract = made.abstract or text_at(news_line, "NewsLineText")


def _lines_of(component: Element, kind: str) -> Iterator[str]:
    for each in every(component, f"NewsLines/{kind}"):
        if said := words(each):
            yield said


def describe(made: Draft, components: list[Element]) -> None:
    for each in components:
        _descriptive(made, first(each, "DescriptiveMetadata"))
        administrative = first(each, "AdministrativeMetadata")
        named = (attribute_at(administrative, f"{kind}/Party", "FormalName") for kind in ("Source", "Provider"))
        made.source = made.source or next((each for each in named if each), None)
        for creator in every(administrative, "Creator/Party"):
            if said := attribute(creator, "FormalName"):
                made.authors.append(Author(name=said))


def _descriptive(made: Draft, element: Element | None) -> None:
    if element is None:
        return
    language = attribute_at(element, "Language", "FormalName")
    made.language = made.language or (language.lower() if language else None)
    made.genre += [kind for each in every(element, "Genre") if (kind := attribute(each, "FormalName"))]
    for each in every(element, "SubjectCode/*"):
        code = attribute(each, "FormalName")
        if name(each) in _SUBJECTS and code:
            made.subjects.append(Subject(scheme=attribute(each, "Scheme") or attribute(each, "Vocabulary"), code=code))
    for each in every(element, "Location"):
        parts = {attribute(one, "FormalName"): attribute(one, "Value") for one in every(each, "Property")}
        town = parts.get("City") or parts.get("CountryArea") or parts.get("Country")
        made.places += [Place(name=town, country=parts.get("Country"))] if town else []
    values = [(attribute(each, "FormalName"), attribute(each, "Value")) for each in every(element, "Property")]
    made.keywords += [value for key, value in values if key == "Keyword" and value]
    loose = dict(values)
    if loose.get("City") or loose.get("Country"):
        made.places.append(Place(name=loose.get("City") or loose.get("Country"), country=loose.get("Country")))


def rights(made: Draft, components: list[Element]) -> None:
    for each in components:
        element = first(each, "RightsMetadata")
        made.copyrightholder = made.copyrightholder or text_at(element, "Copyright/CopyrightHolder")
        made.usageterms = made.usageterms or text_at(element, "UsageRights/UsageType")
