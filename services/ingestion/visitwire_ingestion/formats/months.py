"""Names of months in the languages that wires and feeds write dates in, as stems: "sept", "syys", "сен"."""

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


def month(word: str) -> int | None:
    """The number of the month that `word` begins the name of, by its longest known stem; None for another word."""
    said = word.casefold().strip(".,").removeprefix("ב")  # "in October" is one word in Hebrew
    ends = range(min(len(said), _LONGEST), 1, -1)
    return next((STEMS[said[:end]] for end in ends if said[:end] in STEMS), None)
