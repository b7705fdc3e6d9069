"""The fields of ninjs 3.x, in the notation of `ninjs_fields`."""

SHAPES_3 = {
    "item": """
        uri!: uri
        type: text|audio|video|picture|graphic|composite|component|event|planning
        representationType: full|partial
        profile: str
        version: str
        firstCreated: time
        versionCreated: time
        contentCreated: time
        contentDigitised: time @3.2
        embargoedUntil: time
        pubStatus: usable|withheld|canceled
        urgency: int(1..9)
        copyrightHolder: str
        copyrightNotice: str
        usageTerms: str
        edNote: str
        language: str
        descriptions: [{described}]
        bodies: [{body}]
        headlines: [{described}]
        people: [{contactable}]
        organisations: [{organisation}]
        places: [{place}]
        subjects: [{subject}]
        events: [{event}]
        eventDetails: {details}
        plannedCoverage: [{coverage}]
        objects: [{concept}]
        infoSources: [{source}]
        title: str
        by: str
        slugline: str
        located: str
        renditions: [{rendition}]
        associations: [{associated}]
        altIds: [{alternative}]
        trustIndicators: [{trust}]
        standard: {standard}
        genres: [{genre}]
        expires: time
        rightsInfo: {rights}
        digitalSourceType: {genre} @3.1
    """,
    "associated": "name!: str\nrel: str",
    "described": "role: str\ncontentType: str\nvalue!: str",
    "body": "role: str\ncontentType: str\ncharCount: int\nwordCount: int\nvalue!: str",
    "concept": "name: str\nrel: str\nuri: uri\nliteral: str",
    "event": "id: str\nname: str\nrel: str\nuri: uri\nliteral: str",
    "genre": "name: str\nuri: str\nliteral: str",
    "contactable": "name: str\nrel: str\nuri: uri\nliteral: str\ncontactInfo: [{contact}]",
    "organisation": "name: str\nrel: str\nuri: uri\nliteral: str\nsymbols: [{symbol}]\ncontactInfo: [{contact}]",
    "place": "name: str\nrel: str\nuri: uri\nliteral: str\ncontactInfo: [{contact}]\ngeoJSON: geojson",
    "subject": """
        name: str
        rel: str
        uri: uri
        literal: str
        creator: str
        relevance: int(0..100)
        confidence: int(0..100)
    """,
    "source": "name: str\nrole: str\nuri: uri\nliteral: str\ncontactInfo: [{contact}]",
    "symbol": "exchange: str\nsymbolType: uri\nsymbol: str",
    "contact": "type: str\nrole: str\nlang: str\nname: str\nvalue: str\naddress: {address}\none of value, address",
    "address": "lines: [str]\nlocality: str\narea: str\npostalCode: str\ncountry: str",
    "rendition": """
        name!: str
        href: uri
        contentType: str
        title: str
        width: int
        height: int
        sizeInBytes: int
        duration: num
        format: str
        aspectRatio: str
        videoCodec: str
        frameRate: num
        poi: {point}
        transportProtocol: str
        scanType: progressive|interlaced
        bitrate: str
        resources: [{resource}] @3.2
        extensions: <.* str> @3.3
    """,
    "point": "x: int\ny: int",
    "resource": "role: str\ntitle: str\nlanguage: str\ncontentType: str",
    "alternative": "role: str\nvalue: str",
    "trust": "role: uri\ntitle: str\nhref: uri",
    "standard": "name: str\nversion: str\nschema: uri",
    "rights": "langId: uri\nlinkedRights: uri\nencodedRights: str\none of linkedRights, encodedRights",
    "details": "eventStatus: uri\nplannedCoverageStatus: uri\ndates: {dates}\norganiser: {organisation}",
    "dates": """
        startDate: time
        endDate: time
        expectedStartDate: truncated
        expectedEndDate: truncated
        expectedDuration: str
        recurrence: {recurrence}
        start or end
    """,
    "recurrence": "recurrenceDates: none\nrecurrenceRules: [{rule}]",
    "rule": """
        frequency: secondly|minutely|hourly|daily|weekly|monthly|yearly
        interval: int
        until: time
        count: int
    """,
    "coverage": """
        uri: uri
        title: str
        pubStatus: usable|withheld|canceled
        type: text|audio|video|picture|graphic|composite|component|event|planning
        commissioned: {commissioned}
        dates: {dates}
        audiences: [{audience}]
        exclAudience: [str]
        edNote: str
        urgency: int(1..9)
        language: str
        itemCount: {range}
        wordCount: int
        renditions: [{rendition}]
    """,
    "commissioned": "by: str\non: time\nreferences: [{reference}]",
    "reference": "name: str\nvalue: str",
    "audience": "audience: str\nsignificance: int",
    "range": "rangeFrom: int\nrangeTo: int",
}
