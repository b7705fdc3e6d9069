"""The fields of ninjs by family (1.x, 2.x, 3.x), in a notation of one line a field.

`name: kind` where kind is `str`, `uri`, `time`, `num`, `int`, `int(1..9)`, `any`, `a|b|c` (one of these words),
`{shape}` (an object of that shape), `[kind]` (a list of it), `<pattern kind>` (an object whose keys match the pattern).
A `!` behind the name means required, `@1.3` that the field came with that version. `one of a, b`: exactly one must be
there.
`*pattern: kind` gives the kind of every further name that matches. `uri` and `time` are strings: the schemas name a
format, which their validators do not check, and IPTC's own tests neither.
"""

from visitwire_ingestion.formats.ninjs_fields_3 import SHAPES_3

SHAPES = {
    "1": {
        "item": """
            uri!: uri
            type: text|audio|video|picture|graphic|composite|component
            mimetype: str
            representationtype: complete|incomplete
            profile: str
            version: str
            firstcreated: time @1.2
            versioncreated: time
            contentcreated: time @1.4
            contentdigitised: time @1.7
            embargoed: time
            pubstatus: usable|withheld|canceled
            urgency: int(1..9) @1.1
            copyrightholder: str
            copyrightnotice: str
            usageterms: str @1.1
            ednote: str @1.2
            language: str
            person: [{contactable}]
            organisation: [{organisation}]
            place: [{place}]
            subject: [{subject}]
            event: [{concept}]
            object: [{concept}]
            infosource: [{contactable}] @1.2
            title: str @1.2
            byline: str
            headline: str
            slugline: str @1.2
            located: str
            charcount: num @1.2
            wordcount: num @1.2
            renditions: <^[a-zA-Z0-9_]+ {rendition}>
            associations: <^[a-zA-Z0-9_]+ {item}>
            altids: any @1.3
            trustindicator: [{trust}] @1.3
            $standard: {standard} @1.3
            genre: [{genre}] @1.3
            expires: time @1.4
            rightsinfo: {rights} @1.4
            digitalsourcetype: {source type} @1.6
            *^description_[a-zA-Z0-9_]+: str
            *^body_[a-zA-Z0-9_]+: str
            *^headline_[a-zA-Z0-9_]+: str
        """,
        "concept": "name: str\nrel: str\nscheme: uri\ncode: str",
        "genre": "name: str\nscheme: uri\ncode: str",
        "contactable": "name: str\nrel: str\nscheme: uri\ncode: str\ncontactinfo: [{contact}] @1.3",
        "organisation": """
            name: str
            rel: str
            scheme: uri
            code: str
            symbols: [{symbol}]
            contactinfo: [{contact}] @1.3
        """,
        "place": """
            name: str
            rel: str
            scheme: uri
            code: str
            contactinfo: [{contact}] @1.3
            *^geometry_[a-zA-Z0-9_]+: {open}
        """,
        "subject": """
            name: str
            rel: str
            scheme: uri
            code: str
            creator: str @1.4
            relevance: int(0..100) @1.4
            confidence: int(0..100) @1.4
        """,
        "symbol": "ticker: str\nexchange: str\nsymboltype: uri @1.3\nsymbol: str @1.3",
        "contact": "type: str\nrole: str\nlang: str\nname: str\nvalue: str\naddress: {address}\none of value, address",
        "address": "lines: [str]\nlocality: str\narea: str\npostalcode: str\ncountry: str",
        "rendition": """
            href: uri
            mimetype: str
            title: str
            height: num
            width: num
            sizeinbytes: num
            duration: num @1.2
            format: str @1.2
            aspectratio: str @1.8
            videocodec: str @1.8
            framerate: num @1.8
            poi: {point} @1.8
            transportprotocol: str @1.8
            scantype: progressive|interlaced @1.8
            bitrate: str @1.8
            resources: [{resource}] @1.7
            extensions: <.* str> @1.8
        """,
        "point": "x: int\ny: int",
        "resource": "role: str\ntitle: str\nlanguage: str\ncontenttype: str",
        "source type": "name: str\nuri: uri\nliteral: str",
        "trust": "scheme: uri\ncode: str\ntitle: str\nhref: uri",
        "standard": "name: str\nversion: str\nschema: uri",
        "rights": "langid: uri\nlinkedrights: uri\nencodedrights: str\n*.*: any\none of linkedrights, encodedrights",
        "open": "*.*: any",
    },
    "2": {
        "item": """
            uri!: uri
            type: text|audio|video|picture|graphic|composite|component
            representationtype: full|partial
            profile: str
            version: str
            firstcreated: time
            versioncreated: time
            contentcreated: time
            contentdigitised: time @2.3
            embargoed: time
            pubstatus: usable|withheld|canceled
            urgency: int(1..9)
            copyrightholder: str
            copyrightnotice: str
            usageterms: str
            ednote: str
            language: str
            descriptions: [{described}]
            bodies: [{body}]
            headlines: [{described}]
            people: [{contactable}]
            organisations: [{organisation}]
            places: [{place}]
            subjects: [{subject}]
            events: [{concept}]
            objects: [{concept}]
            infosources: [{source}]
            title: str
            by: str
            slugline: str
            located: str
            renditions: [{rendition}]
            associations: [{associated}]
            altids: [{alternative}]
            trustindicators: [{trust}]
            standard: {standard}
            genres: [{genre}]
            expires: time
            rightsinfo: {rights}
            digitalsourcetype: {genre} @2.2
        """,
        "associated": "name!: str",
        "described": "role: str\ncontenttype: str\nvalue!: str",
        "body": "role: str\ncontenttype: str\ncharcount: num\nwordcount: num\nvalue!: str",
        "concept": "name: str\nrel: str\nuri: uri\nliteral: str",
        "genre": "name: str\nuri: str\nliteral: str",
        "contactable": "name: str\nrel: str\nuri: uri\nliteral: str\ncontactinfo: [{contact}]",
        "organisation": "name: str\nrel: str\nuri: uri\nliteral: str\nsymbols: [{symbol}]\ncontactinfo: [{contact}]",
        "place": "name: str\nrel: str\nuri: uri\nliteral: str\ncontactinfo: [{contact}]\ngeojson: geojson",
        "subject": """
            name: str
            rel: str
            uri: uri
            literal: str
            creator: str
            relevance: int(0..100)
            confidence: int(0..100)
        """,
        "source": "name: str\nrole: str\nuri: uri\nliteral: str\ncontactinfo: [{contact}]",
        "symbol": "ticker: str\nexchange: str\nsymboltype: uri\nsymbol: str",
        "contact": "type: str\nrole: str\nlang: str\nname: str\nvalue: str\naddress: {address}\none of value, address",
        "address": "lines: [str]\nlocality: str\narea: str\npostalcode: str\ncountry: str",
        "rendition": """
            name!: str
            href: uri
            contenttype: str
            title: str
            height: num
            width: num
            sizeinbytes: num
            duration: num
            format: str
            aspectratio: str @2.2
            videocodec: str @2.2
            framerate: num @2.2
            poi: {point} @2.2
            transportprotocol: str @2.2
            scantype: progressive|interlaced @2.2
            bitrate: str @2.2
            resources: [{resource}] @2.3
            extensions: <.* str> @2.4
        """,
        "point": "x: int\ny: int",
        "resource": "role: str\ntitle: str\nlanguage: str\ncontenttype: str",
        "alternative": "role: str\nvalue: str",
        "trust": "role: uri\ntitle: str\nhref: uri",
        "standard": "name: str\nversion: str\nschema: uri",
        "rights": "langid: uri\nlinkedrights: uri\nencodedrights: str\n*.*: any\none of linkedrights, encodedrights",
    },
    "3": SHAPES_3,
}
