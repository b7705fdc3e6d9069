# ruff: noqa: E501 - a line or two a language is what makes it readable
"""The words by which desks put an item under embargo and name its end, in the languages of the wires; `embargo` says
where they count.
"""

import re

WEEKDAY = (
    r"(?:[a-z]{3,8}day|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag"
    r"|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lunes|martes|miércoles|jueves|viernes|sábado|domingo"
    r"|maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag|mandag|tirsdag|onsdag|torsdag|fredag|lørdag|søndag|måndag|tisdag|lördag|söndag)\b"
)
UNTIL = (
    r"(?:until|till?|til|bis|jusqu|hasta|fino|sino|até|tot|до|حتى|μ[έε]χρι|[έε]ως|până|not before|expires"
    r"|for (?:release|publication|use|broadcast)"
    rf"|(?:to|for|le|am|el|il|alle|ore|kl\.?|klo)? ?\d|(?:for |to )?{WEEKDAY})"
)
NOUN = (
    r"(?:embargo|эмбарго|ембарго|embargó|ambargo(?:lu(?:dur)?)?|ε[μµ]π[αά]ργκο|sperrfrist|sperrvermerk|sperrefrist|spärrtid"
    r"|엠바고|אמברגו|أمبارغو|एम्बार्गो)"
)
SAID = (
    r"(?:embargoed|embargad[oa]|embargoté|embarger(?:ad|t)|klausuler(?:et|t)|sous embargo|under (?:strict )?embargo|unter (?:sperrfrist|embargo)"
    r"|bajo embargo|onder embargo|sotto embargo|sob embargo|sub embargo|pod embargi?em|под эмбарго|під ембарго|σε εμπάργκο"
    r"|محظور (?:ال)?نشره?|حظر النشر)"
)
ASKED = (
    r"not (?:for|to be) (?:release|publication|use|broadcast)d?(?:(?:,| and| or|/) ?(?:\w+ )?(?:release|publication|use|broadcast)d?)* (?:before|until|till)\b"
    r"|not to be (?:released|published|used|broadcast|reported)(?: or \w+)? (?:before|until|till)\b"
    r"|do not (?:publish|use|release|broadcast|report|run)(?: this)?(?: \w+)? (?:before|until|till)\b|hold for release (?:until|at)\b|hfr\b(?=.*\d)"
    r"|no publicar (?:antes|hasta)\b|não publicar antes\b|ne pas (?:publier|diffuser) avant\b|non (?:pubblicare|diffondere) prima\b"
    r"|cấm (?:phát hành|đăng(?: tải)?|phát sóng|công bố) trước\b|không (?:đăng|phát hành|công bố) trước\b"
    r"|nicht zur veröffentlichung vor\b|nicht vor\b(?=.*\b(?:veröffentlich|verwend|verbreit|send))|niet publiceren v[oó][oó]r\b"
    r"|(?:må|får) (?:først|ikke|ej|tidigast) (?:offentliggøres|publiceres|publiseres|publiceras)\b|får publiceras (?:tidigast|först)\b"
    r"|(?:julkaisuvapaa|vapaa julkaistavaksi|julkaistavissa)\b(?=.*\d)|nie publikować przed\b"
    r"|не (?:публиковать|использовать|для публикации) (?:до|ранее|раньше)\b"
    r"|(?:لا|عدم) (?:ينشر|يُنشر|تنشر|النشر) قبل|غير قابل للنشر قبل|للنشر (?:بعد|اعتبارا)"
    r"|[(（【［]?\d.{2,20}(?:后|以后|之后)(?:播发|刊发|发稿|发布|报道)\W*$|(?:请)?于.{2,24}(?:后|以后|之后)(?:播发|发布|刊发|发表|报道)|.{2,24}(?:前|以前|之前)(?:不得|请勿|勿)(?:播发|发布|刊发|发表|报道)"
    r"|.{0,6}\d.{2,20}(?:이후|부터) 보도(?!\w)|klausul\s*:(?=.*\b(?:offentlig|bringes|kl)\w*)(?=.*\d)|.{0,24}\d.{0,8}解禁[】〕)］]?\W*$"
    r"|(?:情報)?解禁(?:日時?|時間|时间)?[】〕)］）:：\s]+(?=.*\d)"
)
"""Requests that begin a line, with what must follow."""
INSIDE = r"\bnot for (?:release|publication|use) (?:before|until)\b|\b(?:sperrfrist|embargo|sperrefrist)\s*:"
TRADE = (
    r"\b(?:oil|arms|weapons?|trade|gas|gold|grain|food|military|economic|technology|fuel|export|import|travel|waffen\w*|öl|silah|petrolifero)"
    r"[ -]?embargo|\b(?:sanction|tariff|blockade|embargo on|embargo against|embargo gegen|embargo contre)"
    r"|\bembargo\b.*\b(?:extended|tightened|eased|verlängert|verhängt|verschärft|gelockert|prolongé|prorogato|prolongado|prodloužen\w*|przedłużon\w*)\b|эмбарго на\b"
)
"""The word as news: trade that is forbidden."""
INSTANT = re.compile(r"\d{4}-?\d\d-?\d\dT?\s?\d\d:?\d\d(?::?\d\d)?\s*(?:Z|GMT|UTC|[+-]\d\d:?\d\d)")
GLUED = re.compile(r"(?<=\d)(?=(?:GMT|UTC|BST|JAN|FEB|MAR|APR|MAY|JUNE?|JULY?|AUG|SEPT?|OCT|NOV|DEC)\b)", re.IGNORECASE)
FOUR = re.compile(r"(?<![\d.:/+-])([01]\d|2[0-3])([0-5]\d)(?![\d:./-])")
NOON = re.compile(r"\b(?:12\s?)?(?:noon|midday)\b", re.IGNORECASE)
_CALLED = (
    r"\b(?:kl\.?|klo|alle(?: ore)?|ore|ora|godz\.?|saat|a las|às|στις|בשעה|الساعة)\s+(?P<a>\d{1,2})(?![\d:h]|\.\d)"
)
_COUNTED = (
    r"(?P<half>午後|下午|오후\s?)?(?<![\d.:])(?P<b>\d{1,2})\s?"
    r"(?:óra\w*|horas?\b|hod\b|uur\b|h\b|時|时|點|点|시)(?!\s?\d)"
)
HOUR = re.compile(rf"{_CALLED}|{_COUNTED}", re.IGNORECASE)
"""An hour without minutes, as most languages but English write it."""
CLOCKS = (
    (r"\b(?:uhr|uur|mez|mesz|alle|godz)\b|\bkl(?:\.|\b)|\bóra", "Europe/Berlin"),
    (r"\bklo\b", "Europe/Helsinki"),
    (r"\b(?:мск|по москве|московск\w+)\b", "Europe/Moscow"),
    (r"\b(?:saat|tsi|tsİ)\b", "Europe/Istanbul"),
    (r"時|解禁", "Asia/Tokyo"),
    (r"시", "Asia/Seoul"),
    (r"时|点", "Asia/Shanghai"),
    (r"\b(?:uk|london) time\b", "Europe/London"),
    (r"בשעה", "Asia/Jerusalem"),
    (r"(?-i:\bET\b)|\beastern time\b", "America/New_York"),
    (r"(?-i:\bCT\b)|\bcentral time\b", "America/Chicago"),
    (r"(?-i:\bPT\b)|\bpacific time\b", "America/Los_Angeles"),
)
"""Whose clock the words are, where they name no zone."""
EITHER = re.compile(r"(?<!\d)(?P<a>\d{1,2})(?P<sep>[-/])(?P<b>\d{1,2})(?:(?P=sep)(?P<y>\d{4}|\d\d))?(?!\d)")
DAY_AND_MONTH = re.compile(r"(?<!\d)(?P<a>\d{1,2})\.\s?(?P<b>\d{1,2})\.(?!\s?\d{2})")
_WEEKDAYS = (
    *(r"mon(?:day)?|montag|lundi|lunes", r"tue(?:s(?:day)?)?|dienstag|mardi|martes"),
    *(r"wed(?:nesday)?|mittwoch|mercredi|miércoles", r"thu(?:rs(?:day)?)?|donnerstag|jeudi|jueves"),
    *(r"fri(?:day)?|freitag|vendredi|viernes", r"sat(?:urday)?|samstag|sonnabend|samedi|sábado"),
    r"sun(?:day)?|sonntag|dimanche|domingo",
)
WEEKDAY_NAMES = tuple(re.compile(rf"\b(?:{names})\b", re.IGNORECASE) for names in _WEEKDAYS)
