"""The type of each element of NewsML-G2 that has the same one everywhere."""

from visitwire_ingestion.formats.g2_types import TYPES

_SAME = {
    "AuthorProp": "creator contributor metadataCreator",
    "Audience": "audience exclAudience",
    "Block": "edNote",
    "DateOpt": "expires",
    "DateOrNull": "embargoed",
    "DateTime": "versionCreated firstCreated",
    "Ext": "rightsInfoExtProperty itemMetaExtProperty contentMetaExtProperty conceptExtProperty",
    "Flex": "digitalSourceType dataMining",
    "Flex1": "memberOf instanceOf",
    "Int1to9": "urgency",
    "Iri": "sameAsScheme",
    "Label": "title",
    "Link": "link deliverableOf remoteInfo",
    "Location": "located",
    "PartyProp": "provider copyrightHolder",
    "PartyRole": "infoSource",
    "Person": "accountable",
    "Qual": "pubStatus role service type",
    "QualRel": "itemClass",
    "RankedLabel": "dateline by",
    "RelatedConcept": "broader narrower mainConcept facetConcept",
    "RightsBlock": "copyrightNotice usageTerms",
    "Text": "rb rp rt",
    "Truncated": "contentCreated contentModified created",
    "ValidBlock": "definition note",
}
ELEMENTS = {name: kind for kind, names in _SAME.items() for name in names.split()} | {
    name: name for name in TYPES if name[0].islower() or name == "POIDetails"
}
