"""Days of the calendar in words, in the languages that wires and feeds write them in."""

import re
from datetime import date, timedelta

YEARS = range(1900, 2200)
"""Those that news is of."""
_AHEAD = timedelta(days=3)
"""Clocks differ, and a story may be sent for the morning after."""
_MONTHS = (
    "january february march april may june july august september october november december",
    "januar februar märz april mai juni juli august september oktober november dezember",
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
)
MONTHS: dict[str, int] = {
    form: number
    for names in reversed(_MONTHS)
    for number, name in enumerate(names.split(), start=1)
    for form in (name, name[:3], name[:4])
}
"""Month names of datelines, in full and cut to three or four letters; English wins a clash."""
_DAY_MONTH = re.compile(r"^(?P<d>\d{1,2})(?:st|nd|rd|th)?\.?(?: de)? (?P<m>[^\W\d]+)\.?(?:,? (?:de )?(?P<y>\d{4}))?$")
_MONTH_DAY = re.compile(r"^(?P<m>[^\W\d]+)\.? (?P<d>\d{1,2})(?:st|nd|rd|th)?(?:,? (?P<y>\d{4}))?$")
_ORDINAL = r"(?:st|nd|rd|th|er|\.|º|ª|ης|-?го)?"
_DAYS = (
    re.compile(
        r"(?P<w>[^\W\d_]{3,12})\s+(?P<d>\d{1,2})"
        r"(?=\s+\d\d:\d\d(?::\d\d)?(?:\s+[A-Z]{1,5}|\s+[+-]\d{4})?\s+(?P<y>\d{4})$)"
    ),
    re.compile(r"(?<!\d)(?P<y>\d{4})(?P<sep>[-/]|\.\s?)(?P<m>\d{1,2})(?P=sep)(?P<d>\d{1,2})(?!\d)"),
    re.compile(r"(?<!\d)(?P<d>\d{1,2})\.\s?(?P<m>\d{1,2})\.\s?(?P<y>\d{4}|\d\d(?![\d:]))(?!\d)"),
    re.compile(r"(?<!\d)(?P<a>\d{1,2})(?P<sep>[-/])(?P<b>\d{1,2})(?P=sep)(?P<y>\d{4})(?!\d)"),
    re.compile(r"(?<!\d)(?:(?P<y>\d{4})\s?[年년]\s?)?(?P<m>\d{1,2})\s?[月월]\s?(?P<d>\d{1,2})\s?[日일]?"),
    re.compile(
        rf"(?<![\d:.])(?P<d>\d{{1,2}}){_ORDINAL}[\s-]+(?:(?:de|of)\s+)?(?P<w>[^\W\d_]{{2,12}})\.?"
        r"(?:,?[\s-]+(?:(?:de|del)\s+)?(?P<y>\d{4}|\d\d(?![\d:.h]|\s*(?:uhr|hrs?\b|[ap]\.?m\b))))?(?!:?\d)",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?P<w>[^\W\d_]{{3,12}})\.?\s+(?P<d>\d{{1,2}}){_ORDINAL}(?![\d:])(?:,?\s+(?P<y>\d{{4}})(?!\d))?",
        re.IGNORECASE,
    ),
    re.compile(r"(?<!\d)(?P<y>\d{4})\.?\s+(?P<w>[^\W\d_]{3,12})\.?\s+(?P<d>\d{1,2})\.?(?![\d:])"),
)
"""A day somewhere in the words; `a` and `b` are day and month in the order that their size allows, or none."""
_STEMS = (
    "jan ene gen ian январ янв stycz sty led oca ιαν tammi січ يناير ינואר",
    "feb fév fev févr фев lut úno uno şub sub φεβ helmi лют فبراير פברואר",
    "mar mär mrz maar már μαρ μάρ мар březe břez bře maalis берез бер مارس מרץ מרס",
    "apr avr abr avril апр kwie kwi dub nis απρ ápr huhti квіт кві أبريل ابريل إبريل אפריל",
    "may mai maj mag mei máj май мая květ kvě μαΐ μαϊ μαι μάι touko трав тра مايو מאי",
    "jun juin giu iun jún июн czerw cze červen čer haz ιουν ιούν kesä черв чер يونيو יוני",
    "jul juil lug iul júl июл lip červenc tem ιουλ ιούλ heinä лип يوليو יולי",
    "aug aoû aou ago авг sierp sie srp ağu agu αυγ αύγ elo серп сер أغسطس اغسطس אוגוסט",
    "sep set szept сен wrze wrz zář zar eyl σεπ syys верес вер سبتمبر ספטמבר",
    "oct okt ott out окт paź paz říj rij eki οκτ loka жовт жов أكتوبر اكتوبر אוקטובר",
    "nov noi нояб ноя lis kas νοε νοέ marras листоп лис نوفمبر נובמבר",
    "dec dez déc dic des дек gru pros ara δεκ joulu груд гру ديسمبر דצמבר",
)
STEMS = {stem: number for number, stems in enumerate(_STEMS, start=1) for stem in stems.split()}
_LONGEST = max(map(len, STEMS))


def find_day(text: str, near: date | None = None) -> tuple[date, str] | None:
    """The first day in the words, and the words without it; one without a year only where `near` tells which."""
    for pattern in _DAYS:
        for found in pattern.finditer(text):
            parts = found.groupdict()
            number, second = _number_and_month(parts)
            made = _dated(parts.get("y"), second, number, near) if second else None
            if made:
                return made, f"{text[: found.start()]} {text[found.end() :]}"
    return None


def _number_and_month(parts: dict[str, str | None]) -> tuple[int, int | None]:
    if "a" in parts:
        one, other = int(parts["a"] or 0), int(parts["b"] or 0)
        if one > 12 >= other or one == other:
            return one, other
        return (other, one) if other > 12 >= one else (0, None)
    return int(parts["d"] or 0), int(parts["m"] or 0) if "m" in parts else month(parts["w"] or "")


def _dated(year: str | None, second: int, number: int, near: date | None) -> date | None:
    if year:
        full = int(year) + 2000 if len(year) == 2 else int(year)
        return _date(full, second, number) if full in YEARS else None
    years = [near.year + step for step in (-1, 0, 1)] if near else []
    days = [made for each in years if (made := _date(each, second, number))]
    return min(days, key=lambda each: abs(each - near) if near else timedelta(0), default=None)


def day(words: str, near: date | None = None) -> date | None:
    """The day that words such as "March 27", "27 mars" or "2 Jan. 2014" name.

    Where they give no year it is the one that brings the day closest to `near`, but not beyond a few days after it, as
    nobody files a story ahead of its time; without `near` the answer is None.
    """
    found = _MONTH_DAY.match(words.strip()) or _DAY_MONTH.match(words.strip())
    number = MONTHS.get(found["m"].lower()) if found else None
    made = _dated(found["y"], number, int(found["d"]), near) if found and number else None
    if made and near and found and not found["y"] and made - near > _AHEAD:
        return _date(made.year - 1, made.month, made.day)
    return made


def _date(year: int, second: int, number: int) -> date | None:
    try:
        return date(year, second, number)
    except ValueError:
        return None


def month(word: str) -> int | None:
    """The number of the month that `word` begins the name of, by its longest known stem; None for another word."""
    said = word.casefold().strip(".,").removeprefix("ב")  # "in October" is one word in Hebrew
    ends = range(min(len(said), _LONGEST), 1, -1)
    return next((STEMS[said[:end]] for end in ends if said[:end] in STEMS), None)
