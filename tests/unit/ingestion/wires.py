# ruff: noqa: E501 - the lines are the wires'
"""Wire items in every format and dialect, with invented facts: the inputs of the golden cases and of the fuzzing."""

import json
from collections.abc import Mapping

BODY = (
    "<p>PORT SELKA, March 2 (%s) - President Ines Andrade has accepted an invitation to visit Norway, her spokesman said on"
    " Monday.</p><p>“No date has been set,” the spokesman, Luis Prado, told reporters.</p>"
)
NAR = 'xmlns="http://iptc.org/std/nar/2006-10-01/"'


def nitf(agency: str, head: str = "", body_head: str = "", encoding: str = "UTF-8", root: str = "") -> bytes:
    text = f"""<?xml version="1.0" encoding="{encoding}"?>
<nitf{root}><head><title>Andrade to visit Norway</title>
<tobject tobject.type="news"><tobject.subject tobject.subject.refnum="11002000" tobject.subject.matter="Diplomacy"/></tobject>
<docdata management-status="usable"><doc-id id-string="{agency.lower()}-0302-17"/><urgency ed-urg="3"/>
<date.issue norm="20260302T101500+0000"/><key-list><keyword key="Andrade-Norway"/></key-list>{head}</docdata></head>
<body><body.head><hedline><hl1>Andrade to visit Norway</hl1></hedline><byline>By Mara Kline</byline>{body_head}</body.head>
<body.content>{BODY % agency}</body.content></body></nitf>"""
    return text.encode(encoding)


def newsml1(
    provider: str, agency: str, status: str = "Usable", revision: int = 1, doctype: str = "", body: str = ""
) -> bytes:
    inner = body or f"<nitf><body><body.content>{BODY % agency}</body.content></body></nitf>"
    return f"""<?xml version="1.0" encoding="utf-8"?>{doctype}
<NewsML Version="1.2"><NewsEnvelope><TransmissionId>0417</TransmissionId><DateAndTime>20260302T101700Z</DateAndTime>
<NewsService FormalName="INT"/><Priority FormalName="4"/></NewsEnvelope>
<NewsItem xml:lang="en"><Identification><NewsIdentifier><ProviderId>{provider}</ProviderId><DateId>20260302</DateId>
<NewsItemId>X17</NewsItemId><RevisionId PreviousRevision="{revision - 1}" Update="N">{revision}</RevisionId>
<PublicIdentifier>urn:newsml:{provider}:20260302:X17:{revision}</PublicIdentifier></NewsIdentifier></Identification>
<NewsManagement><NewsItemType FormalName="News"/><FirstCreated>20260302T101500+0000</FirstCreated>
<ThisRevisionCreated>20260302T101600+0000</ThisRevisionCreated><Status FormalName="{status}"/><Urgency FormalName="3"/></NewsManagement>
<NewsComponent><NewsLines><DateLine>PORT SELKA, March 2 ({agency}) -</DateLine><HeadLine>Andrade to visit Norway</HeadLine>
<SlugLine>Selka-Norway</SlugLine></NewsLines><DescriptiveMetadata><Language FormalName="en"/>
<SubjectCode><SubjectMatter FormalName="11002000"/></SubjectCode><Property FormalName="Keyword" Value="diplomacy"/></DescriptiveMetadata>
<ContentItem><MediaType FormalName="Text"/><Characteristics><Property FormalName="Words" Value="31"/></Characteristics>
<DataContent>{inner}</DataContent></ContentItem></NewsComponent></NewsItem></NewsML>""".encode()


def g2(
    guid: str, provider: str, meta: str = "", content: str = "", body: str = "", after: str = "", version: int = 1
) -> bytes:
    inner = (
        body or f'<html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head><body>{BODY % provider}</body></html>'
    )
    return f"""<newsMessage {NAR}><header><sent>2026-03-02T10:17:00Z</sent><sender>{provider}</sender><priority>4</priority></header>
<itemSet><newsItem guid="{guid}" version="{version}" standard="NewsML-G2" standardversion="2.35" conformance="power" xml:lang="en">
<catalogRef href="http://www.iptc.org/std/catalog/catalog.IPTC-G2-Standards_38.xml"/>
<rightsInfo><copyrightHolder literal="{provider}"/><usageTerms>For editorial use.</usageTerms></rightsInfo>
<itemMeta><itemClass qcode="ninat:text"/><provider literal="{provider}"/><versionCreated>2026-03-02T10:16:00Z</versionCreated>
<firstCreated>2026-03-02T10:15:00Z</firstCreated><pubStatus qcode="stat:usable"/>{meta}</itemMeta>
<contentMeta><urgency>3</urgency><located qcode="city:17"><name>Port Selka</name></located><language tag="en"/>
<genre qcode="genre:Current"><name>Current</name></genre><subject qcode="medtop:20000593"><name>politics</name></subject>
<slugline>Selka-Norway</slugline><headline>Andrade to visit Norway</headline>{content}</contentMeta>{after}
<contentSet><inlineXML contenttype="application/xhtml+xml" wordcount="31">{inner}</inlineXML></contentSet></newsItem></itemSet></newsMessage>""".encode()


def item(kind: str, rest: str, attributes: str = "") -> bytes:
    return f"""<{kind} {NAR} guid="urn:newsml:example.org:20260302:{kind}" version="1" standard="NewsML-G2" standardversion="2.33"
 conformance="power"{attributes}><itemMeta><itemClass qcode="ninat:composite"/><provider literal="example.org"/>
<versionCreated>2026-03-02T10:16:00Z</versionCreated></itemMeta>{rest}</{kind}>""".encode()


def dumped(value: Mapping[str, object]) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode()


NINJS1 = {
    "uri": "urn:ninjs:selka:20260302:17",
    "type": "text",
    "version": "2",
    "versioncreated": "2026-03-02T10:16:00Z",
    "pubstatus": "usable",
    "urgency": 3,
    "language": "en",
    "headline": "Andrade to visit Norway",
    "byline": "Mara Kline",
    "located": "Port Selka",
    "subject": [{"code": "20000593", "scheme": "http://cv.iptc.org/newscodes/mediatopic/", "name": "politics"}],
    "place": [{"name": "Norway", "code": "NO"}],
    "description_text": "No date has been set.",
    "body_text": "A. B.",
    "body_xhtml": BODY % "Selka",
}
NINJS2 = {
    "standard": {"name": "ninjs", "version": "2.1"},
    "uri": "urn:ninjs:selka:20260302:18",
    "type": "text",
    "version": "1",
    "versioncreated": "2026-03-02T10:16:00Z",
    "headlines": [{"role": "main", "value": "Andrade to visit Norway"}],
    "bodies": [{"contenttype": "text/html", "wordcount": 31, "value": BODY % "Selka"}],
    "by": "Mara Kline",
    "subjects": [{"uri": "http://cv.iptc.org/newscodes/mediatopic/20000593", "name": "politics"}],
}
NINJS3 = {
    "uri": "urn:ninjs:selka:20260302:19",
    "type": "text",
    "representationType": "full",
    "versionCreated": "2026-03-02T10:16:00Z",
    "pubStatus": "withheld",
    "edNote": "HOLD FOR RELEASE",
    "headlines": [{"value": "Andrade to visit Norway"}],
    "bodies": [{"contentType": "text/plain", "value": "No date has been set.\nThe spokesman said so."}],
}
IPTC7901 = (
    "\x01eca0157 3 i 41  dpa 0158\r\n\r\nSelka/Norway/diplomacy/\r\n\x021ST LEAD\r\nAndrade to visit Norway\r\n"
    "By Mara Kline, dpa =\r\n\r\nPort Selka (dpa) - President Ines Andrade has accepted an invitation to\r\nvisit Norway.\r\n\r\n"
    "No date has been set, her spokesman said.\r\n\r\ndpa mk\r\n\x03021017 GMT Mar 26\r\n\x7f\r\n\x7f\x04"
)
ANPA = (
    "\x16\x16\x01W2417\x1f_world\r\nu i\x13\x11 BC-EU--Selka-NorwayV     03-02 0412\r\n\x02^BC-EU--Selka-Norway Visit, 1st Ld-Writethru,41<\r\n"
    "^Andrade to visit Norway<\r\n^AP Photo SEL101<\r\n^Eds: Adds quotation.<\r\n^By MARA KLINE=\r\n^Associated Press=\r\n"
    "\t   PORT SELKA (AP) _ President Ines Andrade has accepted an invitation to visit Norway.\r\n"
    "\t   ``No date has been set,'' her spokesman said.\r\n\r\n\t   \x03AP-WF-03-02-26 1017GMT<\r\n\x0c\r\n\x04"
)
MAIL = (
    "From: Press office <press@selka.example>\r\nTo: wires@example.org\r\nDate: Mon, 2 Mar 2026 10:16:00 +0000\r\n"
    "Subject: =?utf-8?q?Pr=C3=A4sidentin_Andrade_to_visit_Norway?=\r\nMessage-ID: <17@selka.example>\r\nMIME-Version: 1.0\r\n"
    "Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    "President Ines Andrade has accepted an invitation to visit Norway.\r\n\r\nNo date has been set.\r\n\r\n-- \r\nPress office\r\n"
    "--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>President Ines Andrade …</p><script>x()</script>\r\n--b--\r\n"
)
RSS = f"""<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Selka Daily</title><link>https://selka.example/</link>
<language>en</language><item><guid isPermaLink="false">selka-17</guid><title>Andrade to visit Norway</title>
<link>https://selka.example/17</link><pubDate>Mon, 02 Mar 2026 10:15:00 GMT</pubDate><dc:creator>Mara Kline</dc:creator>
<category>Politics</category><description>In short.</description><content:encoded><![CDATA[{BODY % "Selka"}]]></content:encoded></item>
<item><guid>https://selka.example/18</guid><title>Ferries late</title><description>Ice &amp; wind.</description></item></channel></rss>"""
ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>Selka</title><id>urn:selka</id>
<link href="https://selka.example/"/><updated>2026-03-02T10:20:00Z</updated><entry><id>urn:selka:17</id>
<title>Andrade to visit Norway</title><published>2026-03-02T10:15:00Z</published><updated>2026-03-02T10:16:00Z</updated>
<author><name>Mara Kline</name></author><content type="html">{(BODY % "Selka").replace("<", "&lt;")}</content></entry></feed>"""
WXR = f"""<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" xmlns:wp="http://wordpress.org/export/1.2/"><channel>
<title>Selka Blog</title><link>https://blog.selka.example</link><language>en</language><item><title>Andrade to visit Norway</title>
<pubDate>Mon, 02 Mar 2026 10:15:00 +0000</pubDate><dc:creator>mara</dc:creator>
<guid isPermaLink="false">https://blog.selka.example/?p=17</guid><content:encoded><![CDATA[{BODY % "Blog"}]]></content:encoded>
<excerpt:encoded>In short.</excerpt:encoded><category domain="category" nicename="p">Politics</category>
<category domain="post_tag" nicename="n">norway</category></item></channel></rss>"""
AP_MEDIA = {
    "data": {
        "item": {
            "altids": {"itemid": "ab17", "friendlykey": "2606117"},
            "version": 3,
            "type": "text",
            "urgency": 4,
            "editorialpriority": "r",
            "language": "en",
            "versioncreated": "2026-03-02T10:16:00Z",
            "firstcreated": "2026-03-02T10:15:00Z",
            "pubstatus": "usable",
            "headline": "Andrade to visit Norway",
            "slugline": "EU-Selka-Norway",
            "bylines": [{"by": "By MARA KLINE"}],
            "datelinelocation": {"city": "Port Selka"},
            "subject": [{"code": "i", "name": "International News", "rels": ["category"]}],
            "body_nitf": BODY % "AP",
        }
    }
}
RITZAU = """<?xml version="1.0"?><RBNews xmlns:i="http://www.w3.org/2001/XMLSchema-instance"><NewsID>17</NewsID>
<PublishDate>2026-03-02T11:15:00</PublishDate><strapline>UDL/SELKA</strapline><headline>Andrade til Norge</headline><town>Oslo</town>
<origin>/ritzau/</origin><section>Udland</section><version>2</version><content>&lt;p&gt;Præsident Andrade rejser til Norge.&lt;/p&gt;</content>
<Priority>3</Priority></RBNews>"""
AP_ITEM = {key: value for key, value in AP_MEDIA["data"]["item"].items() if key != "body_nitf"}
SOLITA = """<?xml version="1.0" encoding="UTF-8"?><release id="1717" lang="no"><longurl>https://info.example/andrade?releaseId=1717</longurl>
<body>&lt;p&gt;President Andrade bes&amp;oslash;ker Bergen fredag.&lt;/p&gt;</body><boilerplate/><contactsAsText>Mara Kline</contactsAsText>
<embargo/><keywords/><leadtext>Bes\u00f8ket er det f\u00f8rste p\u00e5 ti \u00e5r.</leadtext><publicationDate>02.03.2026 11:15</publicationDate>
<title>Andrade bes\u00f8ker Bergen</title><type id="19"><label>Pressemelding</label></type><publisher id="5"><name>Bergen kommune</name></publisher>
</release>"""
BUSINESS_WIRE = "".join(
    f'<NewsComponent><Role FormalName="{role}"/><ContentItem><MimeType FormalName="text/xhtml"/><DataContent>{words}</DataContent>'
    "</ContentItem></NewsComponent>"
    for role, words in (
        ("Abstract", "Selka Ferries orders ships"),
        ("StyleSheet", ".bwc { text-align: center }"),
        ("Contact", '<html xmlns="http://www.w3.org/1999/xhtml"><body><p>Luis Prado</p></body></html>'),
        (
            "Body",
            '<html xmlns="http://www.w3.org/1999/xhtml"><body><p>Selka Ferries said.</p><p>About.</p></body></html>',
        ),
    )
)
BUSINESS_WIRE = f"""<NewsML Version="1.2"><NewsEnvelope><DateAndTime>20260302T101700+0000</DateAndTime><NewsService FormalName="Business Wire"/>
</NewsEnvelope><NewsItem><Identification><NewsIdentifier><ProviderId>businesswire.com</ProviderId><DateId>20010714</DateId>
<NewsItemId>20260302005017</NewsItemId><RevisionId PreviousRevision="0" Update="N">1</RevisionId>
<PublicIdentifier>urn:newsml:businesswire.com:20010714:20260302005017:1</PublicIdentifier></NewsIdentifier></Identification>
<NewsManagement><NewsItemType FormalName="News"/><FirstCreated>20260302T101600+0000</FirstCreated>
<ThisRevisionCreated>20260302T101600+0000</ThisRevisionCreated><Status FormalName="Usable"/></NewsManagement>
<NewsComponent><AdministrativeMetadata><Source><Party FormalName="Selka Ferries"/></Source></AdministrativeMetadata>
<Metadata><MetadataType FormalName="BWKeywords"/><Property FormalName="BWIndustryKeywords" Value="Transport"/></Metadata>
<NewsComponent><NewsLines><HeadLine>Selka Ferries Orders Ships</HeadLine><DateLine>PORT SELKA</DateLine></NewsLines>{BUSINESS_WIRE}
</NewsComponent></NewsComponent></NewsItem></NewsML>"""
TOLD = {
    "nl": ("Andrade naar Noorwegen", "Presidente Ines Andrade bezoekt Noorwegen.\n      Een datum is er niet."),
    "fr": ("Andrade en Norvège", "La présidente Ines Andrade se rendra en &lt;b&gt;Norvège&lt;/b&gt;."),
}
BELGA = "".join(
    f"""<NewsComponent Duid="1{tongue}" xml:lang="{tongue}"><Role FormalName="Short"/><NewsLines><CreditLine>BELGA</CreditLine>
<HeadLine>{headline}</HeadLine><KeywordLine>POLITICS</KeywordLine></NewsLines><AdministrativeMetadata><Source><Party FormalName="BELGA"/></Source>
<Property FormalName="NewsPackage"><Property FormalName="NewsService" Value="EXT"/></Property><Property FormalName="Priority" Value="3"/>
</AdministrativeMetadata><DescriptiveMetadata><Location><Property FormalName="City" Value="OSLO"/></Location></DescriptiveMetadata>
<NewsComponent xml:lang="{tongue}"><Role FormalName="Title"/><ContentItem><DataContent>{headline}</DataContent></ContentItem></NewsComponent>
<NewsComponent xml:lang="{tongue}"><Role FormalName="Lead"/><ContentItem><DataContent/></ContentItem></NewsComponent>
<NewsComponent xml:lang="{tongue}"><Role FormalName="Body"/><ContentItem><DataContent>{body}</DataContent></ContentItem></NewsComponent>
</NewsComponent>"""
    for tongue, (headline, body) in TOLD.items()
)
BELGA = f"""<NewsML><NewsEnvelope><DateAndTime>20260302T111700</DateAndTime></NewsEnvelope><NewsItem><Identification><NewsIdentifier>
<ProviderId>belga.be</ProviderId><DateId>20260302T111600</DateId><NewsItemId>9817</NewsItemId><RevisionId>2</RevisionId>
<PublicIdentifier>urn:newsml:www.belga.be</PublicIdentifier></NewsIdentifier></Identification><NewsManagement><NewsItemType FormalName="NEWS"/>
<FirstCreated>20260302T111500</FirstCreated><ThisRevisionCreated>20260302T111600</ThisRevisionCreated><Status FormalName="USABLE"/>
</NewsManagement><NewsComponent xml:lang="nl"><NewsLines><HeadLine>Andrade naar Noorwegen</HeadLine></NewsLines>{BELGA}</NewsComponent>
</NewsItem></NewsML>"""
BARE_NEWSML = """<NewsML><NewsItem><Identification><NewsIdentifier><ProviderId>selka.example</ProviderId><NewsItemId>S17</NewsItemId>
<DateId>2026-03-02 10:15:00</DateId></NewsIdentifier></Identification><NewsComponent><NewsLines><HeadLine>Andrade to visit Norway
</HeadLine><NewsLine><NewsLineType FormalName="Summary"/><NewsLineText><![CDATA[In short.]]></NewsLineText></NewsLine></NewsLines>
<ContentItem><MediaType FormalName="Text"/><DataContent><body><body.content><![CDATA[She will go.<BR>No date has been set.]]></body.content>
</body></DataContent></ContentItem></NewsComponent></NewsItem></NewsML>"""
DPA_BODY = (
    '<html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head><body><header><ul class="slugline"><li>Diplomatie</li></ul>'
    '<h1>Andrade nach Norwegen</h1></header><section class="main"><p><span class="dateline">Oslo <span>(dpa)</span> - </span>'
    "Präsidentin Andrade reist nach Norwegen.</p></section></body></html>"
)
KYODO = (
    "\x16\x16\x01a0105KYODOkoko-\r\nu s\x13\x11 BC-Selka-Norway   03-02 0044\r\n\x02BC-Selka-Norway\r\nPolitics: Andrade to visit Norway+\r\n"
    "     TOKYO, March 2 Kyodo - President Ines Andrade will stop in Tokyo on \r\nher way to Norway.\r\n"
    "     No date has been set.\r\n==Kyodo\r\nKWS-10:17-02-03-26\r\n\x03"
)
ATS = (
    "\x01bsf037 4 pl 174 gef 1388\r\n\r\nVisite Selka\r\n\x02\r\nVisite de Selka: \r\nla présidente attendue lundi à Genève = \r\n\r\n"
    "Genève (ats) La présidente Ines Andrade se rendra lundi \r\nà Genève. \r\n\r\nLa visite durera deux jours.\r\n\r\n"
    "(SDA\\mk lp) \r\n\x03021117 mar 26\r\n\x04"
)
_NONE = dict.fromkeys(map(ord, "\x01\x02\x03\x04\x11\x13\x16\r"))
"""What gateways take out of a transmission on its way."""
NTB = nitf(
    "ntb",
    head='<du-key version="04" key="SELKA-BESOK"/><ed-msg info="For kunder"/><evloc state-prov="Norge" county-dist="Oslo"/>',
    body_head="<dateline>Oslo</dateline>",
).replace(
    b"<tobject ",
    b'<meta name="NTBTjeneste" content="Nyhetstjenesten"/><meta name="NTBPrioritet" content="4"/><meta name="NTBID" content="RED_17"/>'
    b'<meta name="NTBKilde" content="NTB"/><tobject ',
    1,
)
STT = (
    '<assert qcode="sttlocmeta:default:17"><name>Selka</name></assert>',
    '<altId type="sttidtype:runningnumber">stt 17</altId>',
)

CASES: Mapping[str, bytes] = {
    "nitf": nitf(
        "Selka",
        body_head="<dateline><location><city>Port Selka</city></location></dateline><abstract><p>In short.</p></abstract>",
    ),
    "nitf-aap": nitf("AAP", head='<doc.copyright year="2026" holder="Australian Associated Press"/>'),
    "nitf-ap": nitf("AP", body_head="<distributor>The Associated Press</distributor>"),
    "nitf-ats": nitf("ATS", head='<doc.copyright holder="ATS"/>'),
    "nitf-efe": nitf("EFE", body_head="<rights><rights.owner>Agencia EFE</rights.owner></rights>"),
    "nitf-charset-lies": nitf("Selka").replace(b"UTF-8", b"ISO-8859-1"),
    "nitf-charset-lies-too": nitf("Selka", encoding="cp1252").replace(b"cp1252", b"UTF-8"),
    "nitf-pa-embargo": nitf(
        "PA", head='<del-list><from-src src-name="PA"/></del-list><date.release norm="20260303T000100+0000"/>'
    ).replace(b'"usable"', b'"embargoed"'),
    "nitf-ntb": NTB,
    "nitf-kill": nitf("Selka").replace(b'"usable"', b'"canceled"'),
    "newsml1-afp": newsml1("afp.com", "AFP"),
    "newsml1-kyodo": newsml1(
        "kyodo.example", "Kyodo", doctype='<!DOCTYPE NewsML [<!ENTITY % nitf SYSTEM "nitf.dtd"> %nitf;]>'
    ),
    "newsml1-ats": newsml1("ats.ch", "ats", revision=2),
    "newsml1-tass": newsml1("tass.example", "TASS", body="<p>MOSCOW, March 2. /TASS/. Andrade to visit.</p><p>-0-</p>"),
    "newsml1-belga": newsml1("belga.be", "Belga", status="Canceled"),
    "newsml1-belga-bilingual": BELGA.encode(),
    "newsml1-bare": BARE_NEWSML.encode(),
    "newsml1-efe": newsml1("efe.com", "EFE"),
    "newsml1-ana-mpe": newsml1("ana-mpe.gr", "ANA", body="<![CDATA[<P>Andrade to visit.</P>\n<P>No date.</P>]]>"),
    "newsml1-businesswire": BUSINESS_WIRE.encode(),
    "newsml-g2-globenewswire": g2("urn:newsml:globenewswire.com:17-en", "globenewswire.com").replace(
        b"<headline>", b'<own xmlns=""/><headline>'
    ),
    "newsml-g2": g2("urn:newsml:example.org:20260302:17", "example.org"),
    "newsml-g2-reuters-correction": g2(
        "tag:reuters.com,2026:newsml_X17", "reuters.com", '<signal qcode="edStat:C"/>', version=1_200_000_017
    ),
    "newsml-g2-stt": g2("urn:newsml:stt.fi:20260302:17", "STT", after=STT[0]).replace(
        b"<language", STT[1].encode() + b"<language"
    ),
    "newsml-g2-ansa": g2("tag:ansa.it,2026:17", "ANSA").replace(b"<urgency>3</urgency>", b"<urgency></urgency>"),
    "newsml-g2-dpa": g2("urn:newsml:dpa.com:20260302:17", "dpa", "<edNote>Adds quotation</edNote>"),
    "newsml-g2-dpa-with-header": g2("urn:newsml:dpa.com:20260302:18", "dpa", body=DPA_BODY).replace(
        b"<name>politics</name>", b'<name>politics</name><sameAs qcode="subj:11002000"/><sameAs qcode="dpasubject:6"/>'
    ),
    "newsml-g2-anp": g2("urn:newsml:anp.nl:17", "ANP", body="<![CDATA[<p>Een bezoek.</p>]]>"),
    "newsml-g2-embargo": g2("urn:newsml:example.org:18", "example.org").replace(
        b"<pubStatus", b"<embargoed>2026-03-03T00:01:00Z</embargoed><pubStatus"
    ),
    "newsml-g2-package": item(
        "packageItem",
        '<groupSet root="g1"><group id="g1" role="grole:main"><itemRef residref="urn:a"><title>A</title></itemRef></group></groupSet>',
    ),
    "newsml-g2-concept": item(
        "conceptItem",
        '<concept><conceptId qcode="x:1"/><name>Ines Andrade</name><definition>President</definition></concept>',
    ),
    "ninjs1": dumped(NINJS1),
    "ninjs1-bbc": dumped(NINJS1 | {"uri": "http://www.bbc.co.uk/17", "bbc_own": True}),
    "ninjs1-superdesk": dumped(
        {key: value for key, value in NINJS1.items() if key != "uri"} | {"guid": "tag:17", "source": "Selka"}
    ),
    "ninjs1-tt": dumped(
        NINJS1
        | {
            "$standard": {"name": "TTNINJS", "version": "1.6", "schema": "https://tt.example/ttninjs-schema_1.6.json"},
            "sector": "UTR",
            "newsvalue": 3,
            "slugline": "selka-norge",
        }
    ),
    "ninjs2": dumped(NINJS2),
    "ninjs3-hold": dumped(NINJS3),
    "iptc7901-dpa": IPTC7901.encode("cp1252"),
    "iptc7901-dpa-kill": IPTC7901.replace("1ST LEAD", "KILL").replace("No date", "Kill item dpa 157. No date").encode(),
    "iptc7901-ats": ATS.encode("cp1252"),
    "iptc7901-ats-without-controls": ATS.translate(_NONE).encode("cp1252"),
    "anpa-kyodo": KYODO.encode(),
    "anpa-kyodo-without-controls": KYODO.translate(_NONE).encode(),
    "anpa-ap": ANPA.encode("cp1252"),
    "mail": MAIL.encode(),
    "rss": RSS.encode(),
    "atom": ATOM.encode(),
    "wordpress": WXR.encode(),
    "ap-media": dumped(AP_MEDIA),
    "ap-media-with-story": dumped(
        {
            "data": {
                "item": {
                    **AP_ITEM,
                    "headline_extended": "She travels.",
                    "renditions": {"nitf": {"words": 31, "href": "https://ap.example/17"}},
                }
            },
            "nitf": {"body_html": "<p>PORT SELKA (AP) - She will.</p>"},
        }
    ),
    "ritzau": RITZAU.encode(),
    "solita": SOLITA.encode(),
    "plain": b"Andrade to visit Norway\n\nPORT SELKA, March 2 (Selka) - President Andrade has accepted.\n\nNo date has been set.\n",
    "plain-telex": b"ZCZC 0417\nPORT SELKA, March 2 (Selka) - President Andrade has accepted.\nNNNN\n",
    "plain-telex-ansa": b"ZCZC0417/SXA\nXEF00417_SXA_QBXB\nU POL S0A QBXB\nAndrade in visita in Norvegia lunedi\n"
    b"   (ANSA) - ROMA, 2 MAR - La presidente Ines Andrade sara in Norvegia lunedi prossimo.\n"
    b"   Non c'e' ancora una data. (ANSA).\n     MK-XYZ\n02-MAR-26 11:17 NNNN\n",
    "plain-rtf": b"{\\rtf1\\ansi\\ansicpg1252{\\fonttbl{\\f0 Arial;}}{\\info{\\title x}}\\f0\\fs24 Andrade to visit Norway\\par\n\\par\n"
    b"PORT SELKA, March 2 (Selka) - President In\\'e9s Andrade has \\b accepted\\b0 . \\u8220?Soon\\u8221?, she said.\\par }",
    "plain-telex-two": b"ZCZC 0417\nPORT SELKA, March 2 (Selka) - President Andrade has accepted.\nNNNN\n"
    b"ZCZC 0418\nOSLO, March 2 (Selka) - Norway will be her host.\nNNNN\n",
    "plain-table": b"Visits\n\nDate\tPlace\nMarch 9\tOslo\nMarch 10\tBergen\n\n- Andrade\n- Halvorsen\n",
    "plain-csv": 'Datum;Titel;Text;Autor\n02.03.2026;Andrade nach Norwegen;"Präsidentin Andrade reist.";Ana Brandt\n'.encode(),
    "mail-mbox": b"From a@selka.example Mon Mar  2 10:16:00 2026\n"
    + MAIL.replace("\r\n", "\n").encode()
    + b"\n\nFrom b@selka.example Mon Mar  2 10:18:00 2026\nFrom: b@selka.example\nSubject: Recall: Norway\nMessage-ID: <18@selka.example>\n\n"
    b'B. would like to recall the message, "Norway".\n',
    "json-own": b'{"status": "ok", "articles": [{"id": 17, "title": {"rendered": "Andrade to visit Norway"}, "date": "2026-03-02T10:16:00Z",'
    b' "content": {"rendered": "<p>President Andrade has accepted.</p>"}}]}',
    "calendar": b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:17@selka.example\r\nSUMMARY:Andrade in Oslo\r\n"
    b"DTSTART:20260309T080000Z\r\nLOCATION:Oslo\r\nSTATUS:CONFIRMED\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
    "json-feed": b'{"version": "https://jsonfeed.org/version/1.1", "title": "Selka", "items": [{"id": "17", "title": "Andrade to visit Norway",'
    b' "content_html": "<p>President Andrade has accepted.</p>", "date_published": "2026-03-02T10:16:00Z"}]}',
    "json-lines": b'{"id": "a", "text": " One.\\n\\nTwo. ", "headline": "H", "dateline": "ROME, March 2", "date": "2026-03-02"}\n'
    b'{"id": 2, "text": "", "date": "soon"}\n',
}
