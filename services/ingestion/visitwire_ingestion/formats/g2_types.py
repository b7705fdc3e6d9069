# ruff: noqa: E501 - one line a type is what makes the table readable
"""What the NewsML-G2 schema (2.35, power conformance) fixes, as tables in a notation of one line a type.

The facts are IPTC's, published at iptc.org/std/NewsML-G2. `ATTRIBUTES` holds groups of attributes: a name, with its kind
behind a colon where it is not a plain string, with `!` where it is required, `@2.29` where it came with that version; `+group`
takes in another group. `TYPES` holds, for each type, its attributes, a `|`, and its content: names in order, each with `?`, `*` or `+`, alternatives in
parentheses, `name:Type` for an element that has this type here only; `ANY` stands for elements of other namespaces,
`LAX` for any element at all, `OWN` for any of NewsML-G2, `#kind` for text of a kind, `#mixed` for text between the elements.
`ELEMENTS`, in `g2_elements`, gives the type of the elements that are the same everywhere.
"""

ATTRIBUTES = {
    "common": "id:id creator:qcode creatoruri modified:dateopt custom:bool how:qcode howuri why:qcode whyuri"
    " pubconstraint:qcodes pubconstrainturi",
    "i18n": "dir:ltr/rtl",
    "item": "standard! standardversion!:version conformance guid! version:positive +i18n",
    "quantify": "confidence:int100 relevance:int100 derivedfrom:qcodes",
    "valid": "validfrom:dateopt validto:dateopt",
    "flex": "qcode:qcode uri literal:line type:qcode typeuri",
    "qualify": "+flex role:qcode roleuri",
    "roles": "role:qcodes roleuri",
    "role": "role:qcode roleuri",
    "rank": "rank:count",
    "rel": "rel:qcode reluri",
    "related": "+rel rank:count +valid",
    "value": "value valuedatatype valueunit:qcode valueunituri",
    "authority": "authority authoritystatus:qcode authoritystatusuri",
    "scheme": "schemecreated@2.29:dateopt schememodified@2.29:dateopt schemeretired@2.29:dateopt",
    "contenttype": "contenttype contenttypestandardversion contenttypevariant contenttypevariantstandardversion"
    " format:qcode formaturi formatstandardversion",
    "target": "href residref residrefformat:qcode residrefformaturi version:positive persistidref +contenttype size:count title",
    "link": "+rel +rank +target +valid +i18n +common guidref hreftype",
    "media": "width:count widthunit:qcode widthunituri height:count heightunit:qcode heightunituri orientation:count"
    " layoutorientation:qcode layoutorientationuri colourspace:qcode colourspaceuri colourindicator:qcode"
    " colourindicatoruri videocodec:qcode videocodecuri colourdepth:count",
    "characteristics": "charcount:count wordcount:count linecount:count pagecount:count +media resolution:positive duration"
    " durationunit:qcode durationunituri audiocodec:qcode audiocodecuri audiobitrate:positive audiovbr:bool"
    " audiosamplesize:positive audiosamplerate:positive audiochannels:qcode audiochannelsuri videoavgbitrate:positive"
    " videovbr:bool videoframerate:decimal videoscan:progressive/interlaced videoaspectratio:line videosampling:line"
    " videoscaling:qcode videoscalinguri videodefinition:qcode videodefinitionuri",
    "content": "id:id creator:qcode creatoruri modified:dateopt custom:bool how:qcode howuri why:qcode whyuri"
    " rendition:qcode renditionuri generator generated:dateopt hascontent:bool",
    "confirm": "confirmationstatus:qcode confirmationstatusuri",
    "approx": "+common approxstart:truncated approxend:truncated",
    "rule": "+common freq!:SECONDLY/MINUTELY/HOURLY/DAILY/WEEKLY/MONTHLY/YEARLY interval:positive until:dateopt"
    " count:positive bysecond byminute byhour byday bymonthday bymonth byyearday byweekno bysetpos"
    " wkst:MO/TU/WE/TH/FR/SA/SU",
    "flexible": "+common +flex +i18n",
    "part": "partid:id creator:qcode creatoruri modified:dateopt custom:bool how:qcode howuri why:qcode whyuri seq:count"
    " contentrefs +i18n",
    "coverage": "id:id creator:qcode creatoruri modified:dateopt custom:bool how:qcode howuri why:qcode whyuri",
}

_DEFINE = "(name|definition|note|facet|remoteInfo|hierarchyInfo)* (sameAs|broader|narrower|related)*"
_ADMIN = (
    "urgency? contentCreated? contentModified? digitalSourceType?"
    " (located|infoSource|creator|contributor|audience|exclAudience|altId|rating|userInteraction)*"
)
_DESCRIBE = "(language|genre|keyword|subject|slugline|headline|dateline|by|creditline|description)*"
_HEAD = "ANY? (catalogRef|catalog)* hopHistory? pubHistory? rightsInfo* itemMeta"
_TAIL = "assert* inlineRef* (derivedFrom|derivedFromValue)*"
_CORE = f"icon* {_ADMIN} (language|keyword|subject|slugline|headline|description)* contentMetaExtProperty* ANY*"
_MANAGE = (
    "itemClass provider versionCreated firstCreated? embargoed? pubStatus? role? fileName? generator* profile? service*"
    " title* edNote* memberOf* instanceOf* signal* altRep* deliverableOf* hash* expires* origRep* incomingFeedId*"
    " metadataCreator? link* itemMetaExtProperty* ANY*"
)

TYPES = {
    "newsItem": f"+item | {_HEAD} contentMeta:ContentAf? partMeta* {_TAIL} contentSet?",
    "packageItem": f"+item | {_HEAD} contentMeta:ContentAf? partMeta* {_TAIL} groupSet?",
    "planningItem": f"+item | {_HEAD} contentMeta:ContentAc? {_TAIL} newsCoverageSet?",
    "conceptItem": f"+item | {_HEAD} contentMeta:ContentAc? {_TAIL} concept?",
    "knowledgeItem": f"+item | {_HEAD} contentMeta:ContentAc? partMeta* {_TAIL} conceptSet? schemeMeta?",
    "catalogItem": f"+item | {_HEAD} contentMeta:ContentCat? catalogContainer",
    "newsMessage": "| header:Header itemSet:ItemSet",
    "Header": "+common | sent:DateTime (catalogRef|catalog)* sender:Party? transmitId:String? priority:Int1to9? origin:Party?"
    " (timestamp:Stamp|destination:Party|channel:Party|signal|headerExtProperty:Ext)* ANY*",
    "ItemSet": "+common | OWN+",
    "Party": "+common +qualify g2flag | #string",
    "String": "+common | #string",
    "Stamp": "+common role | #datetime",
    "Int1to9": "+common | #int9",
    "catalogContainer": "| catalog",
    "catalog": "additionalInfo url +authority guid version:count +common | title* scheme:Scheme+",
    "Scheme": "+common alias!:ncname uri! +authority +scheme | (sameAsScheme|name|definition|note|sameAs:Iri)*",
    "Iri": "+common g2flag | #string",
    "catalogRef": "href! +common | title*",
    "rightsInfo": "idrefs scope:qcodes scopeuri aspect:qcodes aspecturi +common +i18n +valid | accountable? copyrightHolder?"
    " (copyrightNotice|usageTerms|link|rightsInfoExtProperty|rightsExpressionXML|rightsExpressionData)* dataMining? ANY*",
    "rightsExpressionXML": "+common langid! | ANY",
    "rightsExpressionData": "+common langid! enctype! | #string",
    "RightsBlock": "+common +i18n media role:qcodes roleuri href | #mixed (a|span|ruby|br|inline|ANY)*",
    "itemMeta": f"+common +i18n | {_MANAGE}",
    "fileName": "+common | #line",
    "generator": "+common +i18n versioninfo +role | #line",
    "profile": "+common +i18n versioninfo | #line",
    "signal": f"+flexible severity:qcode severityuri | {_DEFINE} ANY*",
    "altRep": "+common +valid +contenttype representation:qcode representationuri size:count | #string",
    "hash": "hashtype:qcode hashtypeuri scope:qcode scopeuri +common | #string",
    "origRep": "+common accesstype:qcode accesstypeuri reposrole:qcode reposroleuri | #string",
    "incomingFeedId": "+common qcode:qcode uri +role |",
    "Link": "+link | LAX*",
    "ContentAf": f"+common +i18n | icon* {_ADMIN} {_DESCRIBE} contentMetaExtProperty* ANY*",
    "ContentAc": f"+common +i18n | {_CORE}",
    "ContentCat": "+common +i18n | contentCreated? contentModified? (creator|contributor|altId)* ANY*",
    "icon": "+target +common rendition:qcode renditionuri +media |",
    "altId": "+common +i18n type:qcode typeuri environment:qcodes environmenturi idformat:qcode idformaturi +role version | #string",
    "rating": "+common value!:decimal valcalctype:qcode valcalctypeuri scalemin!:decimal scalemax!:decimal scaleunit:qcode"
    " scaleunituri raters:count ratertype:qcode ratertypeuri ratingtype:qcode ratingtypeuri |",
    "userInteraction": "+common interactions!:count interactiontype:qcode interactiontypeuri |",
    "language": "+common tag!:language +roles +rank | name:Line*",
    "genre": f"+flexible +quantify +rank | {_DEFINE} ANY* bag? mainConcept? facetConcept*",
    "subject": f"+flexible +quantify +rank | {_DEFINE} ANY* bag? mainConcept? facetConcept*",
    "Concept1": f"+flexible +quantify | {_DEFINE} ANY* bag? mainConcept? facetConcept*",
    "keyword": "+common +i18n +roles +rank confidence:int100 relevance:int100 | #line",
    "slugline": "+common +i18n separator +role +rank confidence:int100 relevance:int100 | #line",
    "headline": "+common +i18n +roles media +rank confidence:int100 relevance:int100 | #mixed (a|span|ruby|inline|ANY)*",
    "Label": "+common +i18n +roles media | #mixed (a|span|ruby|inline|ANY)*",
    "RankedLabel": "+common +i18n +roles media +rank | #mixed (a|span|ruby|inline|ANY)*",
    "creditline": "+common +i18n +rank | #line",
    "description": "+common +i18n media +roles +rank confidence:int100 relevance:int100 | #mixed (a|span|ruby|br|inline|ANY)*",
    "Block": "+common +i18n media +roles | #mixed (a|span|ruby|br|inline|ANY)*",
    "ValidBlock": "+common +i18n media +roles +valid | #mixed (a|span|ruby|br|inline|ANY)*",
    "partMeta": f"+part | icon* timeDelim:TimeDelim* regionDelim:RegionDelim? role? {_ADMIN} {_DESCRIBE}"
    " partMetaExtProperty:Ext* signal* edNote* link* ANY*",
    "TimeDelim": "+common start! end! timeunit:qcode timeunituri renditionref:qcode renditionrefuri |",
    "RegionDelim": "+common x:integer y:integer width:integer height:count |",
    "assert": "qcode:qcode uri literal:line +common +i18n | LAX*",
    "inlineRef": f"+flexible idrefs! +quantify | {_DEFINE} ANY*",
    "derivedFrom": f"+flexible idrefs | {_DEFINE} ANY*",
    "derivedFromValue": "+common sourceidref! idrefs! | #string",
    "contentSet": "+common original | (inlineXML:InlineXml|inlineData:InlineData|remoteContent:Remote)*",
    "InlineXml": "+content +contenttype +characteristics +i18n | LAX?",
    "InlineData": "+content +contenttype encoding:qcode encodinguri +characteristics +i18n | #string",
    "Remote": "+content +target +valid +characteristics language:language | channel:Channel* altId* altLoc* hash* signal*"
    " remoteContentExtProperty:Ext* ANY*",
    "Channel": "+common chnlid:positive type:qcode typeuri +role language:language +characteristics g2flag |",
    "altLoc": "+common type:qcode typeuri role:qcode roleruri | #string",
    "groupSet": "+common root! | group:Group+",
    "Group": "+common +role mode:qcode modeuri +i18n | (groupRef:GroupRef|itemRef:Link|conceptRef:Flex|title|signal|edNote"
    "|groupExtProperty:Ext|ANY)*",
    "GroupRef": "idref! +common |",
    "newsCoverageSet": "+common | newsCoverage+",
    "newsCoverage": "+coverage | planning:Planning+ delivery? newsCoverageExtProperty:Ext* ANY*",
    "Planning": "+common coversfrom:dateopt coversto:dateopt | g2contentType:String? itemClass? itemCount:ItemCount?"
    f" assignedTo:Assigned* scheduled:Approx? service* {_DESCRIBE} edNote* newsContentCharacteristics:Characteristics?"
    " urgency? audience* exclAudience* planningExtProperty:Ext* ANY*",
    "ItemCount": "+common rangefrom!:count rangeto!:positive |",
    "Assigned": f"+flexible +roles coversfrom:dateopt coversto:dateopt | {_DEFINE} (personDetails|organisationDetails)? ANY*",
    "Characteristics": "+common +contenttype +characteristics |",
    "delivery": "+common | deliveredItemRef:Link+ ANY*",
    "hopHistory": "+common | hop:Hop+",
    "Hop": "seq:count timestamp:dateopt +common | party:PartyProp? action:Action*",
    "Action": "+common qcode:qcode uri +i18n target:qcode targeturi timestamp:dateopt | (name|hierarchyInfo|related)*",
    "pubHistory": "+common | published:Published+",
    "Published": "+common qcode:qcode uri literal:line | timestamp:Truncated? (name|related|publishedExtProperty:Ext|ANY)*",
    "bag": "+common +i18n | bit:Bit+",
    "Bit": "+common qcode:qcode uri type:qcode typeuri significance:int100 +quantify |",
    "hierarchyInfo": "+common | #string",
    "concept": "+common +i18n | conceptId type? name+ (definition|note|facet|remoteInfo|hierarchyInfo)*"
    " (sameAs|broader|narrower|related)* hasInstrument*"
    " (personDetails|organisationDetails|geoAreaDetails|POIDetails|objectDetails|eventDetails)? conceptExtProperty* ANY*",
    "conceptSet": "+common | concept*",
    "schemeMeta": "+common uri! preferredalias +authority concepttype:qcodes +scheme | (sameAsScheme|name|definition|note"
    "|related|schemeMetaExtProperty:Ext)* ANY*",
    "conceptId": "qcode:qcode uri created:dateopt retired:dateopt +common |",
    "name": "+common +i18n +roles part:qcode parturi +valid | #line",
    "Line": "+common +i18n | #line",
    "facet": "+flexible +rel +valid g2flag | (name|hierarchyInfo)*",
    "sameAs": "+flexible +valid | (name|hierarchyInfo)*",
    "RelatedConcept": "+flexible +related | (name|hierarchyInfo)* (facet|related:Related2|sameAs)*",
    "Related2": "+flexible +related +value | (name|hierarchyInfo)* related:Related3*",
    "Related3": "+flexible +related +value | (name|hierarchyInfo)*",
    "related": "+flexible +related +value | (name|hierarchyInfo)* (facet|related:Related2|sameAs)* bag?",
    "personDetails": "+common | born:Truncated? died:Truncated? (affiliation:Affiliation|contactInfo:Contact)* ANY*",
    "organisationDetails": "+common | founded:Truncated? dissolved:Truncated?"
    " (location:Location|affiliation:Affiliation|contactInfo:Contact|hasInstrument)* ANY*",
    "Affiliation": f"+common +qualify +i18n +valid | {_DEFINE} organisationDetails? ANY*",
    "hasInstrument": "+common symbol! symbolsrc:qcode symbolsrcuri market:qcode marketuri marketlabel marketlabelsrc:qcode"
    " marketlabelsrcuri type:qcodes typeuri rank:count |",
    "geoAreaDetails": "+common | position? founded:Truncated? dissolved:Truncated?"
    " (line:Outline|circle:Circle|polygon:Outline)* ANY*",
    "Outline": "+common | position+",
    "Circle": "+common radius!:decimal radunit:qcode radunituri | position",
    "position": "+common latitude!:decimal longitude!:decimal altitude:integer gpsdatum | ANY*",
    "POIDetails": "+common | position? address:Address? openHours:Label? capacity:Label?"
    " (contactInfo:Contact|access:Block|details:Block)* created:Truncated? ceasedToExist:Truncated? ANY*",
    "objectDetails": "+common | created:Truncated? (copyrightNotice|creator)* ceasedToExist:Truncated? ANY*",
    "eventDetails": "+common | dates:Dates occurStatus:Qual? newsCoverageStatus:Qual? (registration:Block|keyword"
    "|accessStatus:Qual|participationRequirement:FlexRole|subject:Concept1|location:EventPlace|participant:PartyRole"
    "|organiser:PartyRole|contactInfo:Contact|language|newsCoverage:EventCoverage)* ANY*",
    "Dates": "+common | start:ApproxConfirmed (end:ApproxConfirmed|duration:Duration)? (rDate:DateOpt|rRule:Rule)*"
    " (exDate:DateOpt|exRule:Rule)* confirmation:QCode?",
    "Duration": "+common +confirm | #duration",
    "Rule": "+rule |",
    "EventCoverage": "+role | g2contentType:String? itemClass? assignedTo:PartyRole* scheduled:Approx? service* edNote*"
    f" {_DESCRIBE} ANY*",
    "EventPlace": f"+flexible +role | {_DEFINE} (geoAreaDetails|POIDetails)? ANY*",
    "event": "+common | name+ (definition|note|facet)* (sameAs|broader|narrower|related)* eventDetails",
    "events": "+common | event+",
    "Contact": "+common +roles | (email:Address1|im:Address2|phone:Address2|fax:Address1|web:Address1|address:Address|note)* ANY*",
    "Address1": "+common +roles | #string",
    "Address2": "+common +roles tech:qcode techuri | #string",
    "Address": "+common +roles | line:AddressLine* locality:FlexRole* area:FlexRole* country:Flex1? postalCode:Line?"
    " worldRegion:Flex1?",
    "AddressLine": "+common +i18n +role | #line",
    "DateTime": "+common | #datetime",
    "DateOpt": "+common | #dateopt",
    "DateOrNull": "+common | #dateornull",
    "Truncated": "+common | #truncated",
    "Approx": "+approx | #anydate",
    "ApproxConfirmed": "+approx +confirm | #anydate",
    "QCode": "+common qcode:qcode uri |",
    "Qual": "+common qcode:qcode uri +i18n | (name|hierarchyInfo)*",
    "QualRel": "+common qcode:qcode uri +i18n | (name|hierarchyInfo|related)*",
    "Flex": "+flexible | (name|hierarchyInfo)*",
    "Flex1": f"+flexible | {_DEFINE} ANY*",
    "FlexRole": f"+flexible +role | {_DEFINE} ANY*",
    "Ext": f"+flexible +value +rel +valid | {_DEFINE} ANY*",
    "Person": f"+flexible | {_DEFINE} personDetails? ANY*",
    "PartyProp": f"+flexible | {_DEFINE} (personDetails|organisationDetails)? ANY*",
    "PartyRole": f"+flexible +roles | {_DEFINE} (personDetails|organisationDetails)? ANY*",
    "AuthorProp": f"+flexible +roles jobtitle:qcode jobtitleuri | {_DEFINE} (personDetails|organisationDetails)? ANY*",
    "Location": f"+flexible | {_DEFINE} (geoAreaDetails|POIDetails)? ANY*",
    "Audience": f"+flexible +quantify significance:int9 | {_DEFINE} ANY*",
    "br": "+common |",
    "a": "+common +i18n class href hreflang rel rev | #mixed (inline|span|ruby|ANY)*",
    "span": "+common +i18n class | #mixed (ruby|ANY)*",
    "inline": "+flexible +quantify class | #mixed (span|ruby|ANY)*",
    "ruby": "+common +i18n | rb:Text rp:Text? rt:Text rp:Text?",
    "Text": "| #string",
}
