# ruff: noqa: E501 - the lines are the desks'
"""What desks write over an item in any of the wires' languages: embargoes, withdrawals, corrections; and the news that sounds
like it."""

from datetime import UTC, datetime, timedelta

import pytest
from visitwire_ingestion.formats import read
from visitwire_ingestion.sql_tables import engine
from visitwire_ingestion.story_store import Keeper
from visitwire_schemas import PubStatus, Revision, Story, WireItem

RECEIVED = datetime(2026, 9, 28, 12, tzinfo=UTC)
NEWS = "President Marta Brandt will travel to Oslo on October 12 for talks with King Olav, her office said on Monday."
EARLIEST = datetime(2026, 10, 6, 6, tzinfo=UTC)
"""18:00 on October 5 where it comes last: the words name no zone, and no language that is written in one alone."""


def taken(line: str) -> Story:
    return read(WireItem(raw=f"{line}\n\nBrandt to visit Oslo\n\n{NEWS}\n".encode(), received=RECEIVED))[0]


def at(hour: int, minute: int = 0, day: int = 5) -> datetime:
    return datetime(2026, 10, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "until"),
    [
        ('EMBARGO FINO ALLE 18 DEL 5 OTTOBRE', at(16)),
        ('EMBARGO ALLE ORE 18:00 DEL 5 OTTOBRE 2026', at(16)),
        ('EMBARGADA HASTA LAS 18.00 HORAS DEL 5 DE OCTUBRE', EARLIEST),
        ('Embargado hasta el lunes 5 de octubre a las 18:00 (16:00 GMT)', EARLIEST),
        ('Эмбарго до 18:00 мск 5 октября', at(15)),
        ('НЕ ПУБЛИКОВАТЬ ДО 18:00 МСК 5 ОКТЯБРЯ 2026 ГОДА', at(15)),
        ('Not for publication or broadcast before 0001 BST Monday October 5', at(23, 1, 4)),
        ('STRICTLY EMBARGOED TO 0001 MONDAY OCTOBER 5', at(12, 1)),
        ('NOT FOR USE UNTIL 2230 BST ON SUNDAY OCTOBER 4', at(21, 30, 4)),
        ('FOR RELEASE 6PM AEDT MONDAY OCTOBER 5', at(7)),
        ('Sperrefrist: mandag 5. oktober 2026 kl. 18.00', at(16)),
        ('SPERREFRIST 5. OKTOBER KL. 18.00', at(16)),
        ('Embargo till måndag 5 oktober kl 18.00', at(16)),
        ('SPÄRRTID: måndag den 5 oktober kl. 18.00', at(16)),
        ('Julkaisuvapaa 5.10.2026 klo 18.00', at(15)),
        ('EMBARGO maanantai 5.10.2026 klo 18 asti', at(15)),
        ('KLAUSULERET TIL 5. OKTOBER KL. 18.00', at(16)),
        ('Klausul: Må først offentliggøres mandag 5. oktober kl. 18.00', at(16)),
        ('EMBARGO DO 5 PAŹDZIERNIKA, GODZ. 18.00', at(16)),
        ('EMBARGÓ: 2026. október 5., 18 óra', at(16)),
        ('EMBARGO do pondělí 5. října 18:00', EARLIEST),
        ("AMBARGOLU - 5 EKİM 2026 SAAT 18.00'DEN ÖNCE YAYIMLANAMAZ", at(15)),
        ('ΕΜΠΑΡΓΚΟ ΜΕΧΡΙ ΤΙΣ 18:00 ΤΗΣ 5ΗΣ ΟΚΤΩΒΡΙΟΥ', EARLIEST),
        ('(엠바고) 10월 5일 18시 이후 보도', at(9)),
        ('请于10月5日18时后播发', at(10)),
        ('【10月5日午後6時解禁】', at(9)),
        ('NOT TO BE PUBLISHED BEFORE 6 PM IST ON OCTOBER 5', EARLIEST),
        ('HFR 6 p.m. EDT Monday, Oct. 5, 2026', at(22)),
        ('محظور نشره حتى الساعة 18:00 بتوقيت غرينتش يوم 5 أكتوبر', EARLIEST),
        ('EMBARGADA ATÉ ÀS 18:00 DE 5 DE OUTUBRO', EARLIEST),
        ('EMBARGO TOT MAANDAG 5 OKTOBER, 18.00 UUR', at(16)),
        ('Sperrfrist bis Montag, 5. Oktober, 18.00 Uhr', at(16)),
        ('(SPERRFRIST MONTAG, 5. OKTOBER, 18 UHR)', at(16)),
        ('אמברגו עד 5 באוקטובר בשעה 18:00', at(15)),
        ('*** EMBARGO *** 5 October 2026, 1800 GMT', at(18)),
        ('EMBARGOED COPY: do not publish before 6pm Monday 5 October (UK time)', at(17)),
        ('ЕМБАРГО ДО 18:00 5 ЖОВТНЯ', EARLIEST),
        ('SUB EMBARGO PÂNĂ LA 5 OCTOMBRIE, ORA 18.00', EARLIEST),
        ('Do not publish before 18:00 CEST on 5 October', at(16)),
        ('【解禁】10月5日午後6時', at(9)),
        ('情報解禁日時：10月5日 18時', at(9)),
        ('10月5日18时后播发', at(10)),
        ('(under embargo until monday 5 october, 6 p.m. gmt)', at(18)),
        ('Check against delivery - embargoed until 1800 GMT, October 5', at(18)),
    ],
)  # fmt: skip
def test_an_embargo_in_the_words_of_any_desk_waits_for_its_hour(line: str, until: datetime) -> None:
    story = taken(line)
    assert (story.embargoed, story.headline) == (until, "Brandt to visit Oslo")


@pytest.mark.parametrize(
    "line",
    [
        'ANNULLAMENTO: Brandt a Oslo',
        '(ANSA) ATTENZIONE - ANNULLARE NOTIZIA - Brandt a Oslo',
        "Si prega di annullare la notizia 'Brandt a Oslo' delle 10:15",
        'ANULACIÓN NOTICIA: Brandt viajará a Oslo',
        'Se ruega anular la noticia "Brandt viajará a Oslo"',
        'АННУЛИРУЕТСЯ: Брандт посетит Осло',
        'Просим аннулировать сообщение "Брандт посетит Осло"',
        'ВНИМАНИЕ! АННУЛИРОВАНИЕ СООБЩЕНИЯ',
        'TRUKKET: Brandt til Oslo',
        'NTB trekker tilbake meldingen «Brandt til Oslo»',
        'STRYKS: Brandt till Oslo',
        'TT drar tillbaka texten Brandt till Oslo',
        'MAKULERAS - Brandt till Oslo',
        'MITÄTÖITY: Brandt Osloon',
        'POISTETTU: Brandt Osloon',
        'STORNO: Brandt reist nach Oslo',
        'APA-Storno - Brandt reist nach Oslo',
        'Diese Meldung wird zurückgezogen',
        'dpa zieht die Meldung «Brandt reist nach Oslo» zurück',
        'ANNULLERET: Brandt til Oslo',
        'Ritzau trækker telegrammet om Brandt tilbage',
        'INGETROKKEN: Brandt naar Oslo',
        'ANNULATION - Brandt à Oslo',
        '/// ANNULATION /// Brandt à Oslo',
        'Merci d\'annuler la dépêche "Brandt à Oslo"',
        'Veuillez ne pas utiliser notre dépêche Brandt à Oslo',
        '[전문취소] 브란트 대통령 오슬로 방문',
        '撤稿：勃兰特总统将访问奥斯陆',
        '【撤销】勃兰特总统将访问奥斯陆',
        '【取り消し】ブラント大統領、オスロ訪問',
        '〔全文取り消し〕ブラント大統領、オスロ訪問',
        "HABER İPTALİ: Brandt Oslo'ya gidecek",
        'إلغاء خبر: برانت تزور أوسلو',
        'يرجى إلغاء الخبر بعنوان برانت تزور أوسلو',
        'ANULAR: Brandt visita Oslo',
        'NOTÍCIA ANULADA - Brandt visita Oslo',
        'ANULACJA: Brandt w Oslo',
        'VISSZAVONVA: Brandt Oslóban',
        'ΑΚΥΡΩΣΗ ΕΙΔΗΣΗΣ: Η Μπραντ στο Όσλο',
        'KILLED: Brandt to visit Oslo',
        'STORY KILLED -- Brandt to visit Oslo',
        'KILL KILL KILL Brandt to visit Oslo',
        "EDITORS: The story headlined 'Brandt to visit Oslo' has been withdrawn. A kill is mandatory.",
        'BC-NOR--Brandt, Kill',
        '(WITHDRAWN) Brandt to visit Oslo',
        'DO NOT USE - Brandt to visit Oslo',
        '[Story removed] Brandt to visit Oslo',
        'Retraction: Brandt to visit Oslo',
        'DELETED: Brandt to visit Oslo',
        'This story has been withdrawn. There will be no replacement.',
    ],
)  # fmt: skip
def test_a_desk_takes_a_story_back_in_its_own_words(line: str) -> None:
    assert (taken(line).revision, taken(line).pubstatus) == (Revision.KILL, PubStatus.CANCELED)


@pytest.mark.parametrize(
    "line",
    [
        'Embargot mot Norland hävs, säger ministern',
        "(İPTAL) Brandt Oslo'ya gidecek",
        '[ZRUŠENO] Brandtová v Oslu',
        "[취소] 브란트 오슬로 방문", "[CANCELLED] Brandt in Oslo", "ΑΚΥΡΩΣΗ: Η επίσκεψη της Μπραντ", "(ANNULLATO) Brandt a Oslo",
        "Embargo petrolifero, l'Ue discute nuove sanzioni",
        'Эмбарго на поставки нефти продлено до 5 октября',
        'Silah ambargosu kalktı',
        'Embargan la casa de un exministro hasta el 5 de octubre',
        'Öljyn vientikielto julkaistiin 5.10.',
        'Embargo bis 5. Oktober verlängert: EU straft Norland',
        'Klausul i aftalen om vandet undrer Oslo',
        "L'embargo américain jusqu'en octobre",
        'Embargo ends on Oct. 5, says Brandt',
        'Embargo do Rosji? Minister zaprzecza',
        'Hold on: 5 October talks matter',
        'Release of 12 hostages on 5 October',
        '漁業解禁は10月5日',
        'Brandt kills off plan to visit Oslo',
        "Cancelled: Brandt's visit to Oslo",
        'Visit cancelled - Brandt stays at home',
        'Abgesagt: Brandt reist nicht nach Oslo',
        'Annulé: le voyage de Brandt à Oslo',
        'Annullata la visita di Brandt a Oslo',
        'ANNULLATA VISITA BRANDT A OSLO',
        "İPTAL EDİLDİ: Brandt'ın Oslo ziyareti",
        'Отменён визит Брандт в Осло',
        'INSTÄLLT: Brandts besök i Oslo',
        'إلغاء زيارة برانت إلى أوسلو',
        '取消：勃兰特访问奥斯陆',
        '방문 취소: 브란트',
        'AVLYST: Brandts besøk',
        'STORNIERT: Flüge nach Oslo',
        'WITHDRAWAL OF TROOPS: Brandt in Oslo',
        'Trukket fra Oslo: Brandts soldater',
        'Brandt trekker tilbake invitasjonen til Oslo',
        'ΑΚΥΡΩΝΕΤΑΙ Η ΕΠΙΣΚΕΨΗ ΜΠΡΑΝΤ',
        'Oslo drar tillbaka inbjudan till Brandt',
        'Anulada la visita de Brandt a Oslo',
        'ANULADA LA VISITA DE BRANDT',
        'Recall: Brandt calls ambassador home',
        'Embargo am 5. Oktober aufgehoben, sagt Brandt',
        'Embargot hävs den 5 oktober',
        'Embargo levé le 5 octobre par Oslo',
        'Klausul 5 i avtalet ändras',
        'Sperrfrist: keine', 'Sperrefrist: nei', 'EMBARGO: ninguno',
        'Deleted scenes of the Brandt film shown in Oslo', 'This story was killed off by Brandt, the author says',
        '勃兰特10月5日之后发布演说称将访问奥斯陆',
        'Klausul: Brandt vil ændre den',
        'アユ漁が10月5日解禁、釣り人集まる',
        '10월 5일 이후 보도된 내용 반박',
        '勃兰特将于10月5日后发布新政策，奥斯陆方面表示',
    ],
)  # fmt: skip
def test_what_only_sounds_like_a_desk_is_news(line: str) -> None:
    story = taken(line)
    assert (story.embargoed, story.pubstatus, story.revision) == (None, PubStatus.USABLE, Revision.NEW)


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ('KORREKTUR: Brandt reist nach Oslo', Revision.CORRECTION),
        ('RETTELSE: Brandt til Oslo', Revision.CORRECTION),
        ('RÄTTELSE: Brandt till Oslo', Revision.CORRECTION),
        ('KORJATTU: Brandt Osloon', Revision.CORRECTION),
        ('(CORRIGE) Brandt viajará a Oslo', Revision.CORRECTION),
        ('ERRATA CORRIGE: Brandt a Oslo', Revision.CORRECTION),
        ('CORREZIONE: Brandt a Oslo', Revision.CORRECTION),
        ('ИСПРАВЛЕНИЕ: Брандт посетит Осло', Revision.CORRECTION),
        ('[정정] 브란트 대통령 오슬로 방문', Revision.CORRECTION),
        ('【訂正】ブラント大統領、オスロ訪問', Revision.CORRECTION),
        ('更正：勃兰特总统将访问奥斯陆', Revision.CORRECTION),
        ("DÜZELTME: Brandt Oslo'ya gidecek", Revision.CORRECTION),
        ('تصويب: برانت تزور أوسلو', Revision.CORRECTION),
        ('CORRECTIE: Brandt naar Oslo', Revision.CORRECTION),
        ('CORREÇÃO: Brandt visita Oslo', Revision.CORRECTION),
        ('KOREKTA: Brandt w Oslo', Revision.CORRECTION),
        ('CORRECTED-Brandt to visit Oslo', Revision.CORRECTION),
        ('CORRECTED (OFFICIAL)-Brandt to visit Oslo', Revision.CORRECTION),
        ('(LEAD) Brandt to visit Oslo', Revision.UPDATE),
        ('(2nd LD) Brandt to visit Oslo', Revision.UPDATE),
        ('REFILE-Brandt to visit Oslo', Revision.REFILE),
        ('EILMELDUNG: Brandt reist nach Oslo', Revision.ALERT),
        ('МОЛНИЯ: Брандт посетит Осло', Revision.ALERT),
        ('Korrigert: Brandt til Oslo', Revision.CORRECTION),
    ],
)  # fmt: skip
def test_a_label_says_what_a_version_is(line: str, kind: Revision) -> None:
    assert taken(line).revision == kind


@pytest.mark.parametrize(
    ("headline", "request_"),
    [
        ("Brandt a Oslo, visita", 'Si prega di annullare la notizia "Brandt a Oslo, visita"'),
        ("Brandt til Oslo i oktober", "NTB trekker tilbake meldingen «Brandt til Oslo i oktober»"),
        ("Брандт посетит Осло", 'Просим аннулировать сообщение под заголовком "Брандт посетит Осло"'),
        ("Brandt to visit Oslo", "EDITORS: The story 'Brandt to visit Oslo' has been withdrawn. A kill is mandatory."),
    ],
)
def test_a_request_takes_back_the_story_that_it_names_in_quotation_marks(headline: str, request_: str) -> None:
    keeper = Keeper(engine("sqlite://"), lambda: RECEIVED)
    passed = []
    for minute, text in enumerate((f"{headline}\n\n{NEWS}\n", f"{request_}\n\nIt is wrong.\n")):
        item = WireItem(raw=text.encode(), provider="selka", received=RECEIVED + timedelta(minutes=minute))
        passed += keeper.receive(item, read(item))
    keeper.close()
    assert [(story.headline, story.revision) for story in passed] == [
        (headline, Revision.NEW),
        (headline, Revision.KILL),
    ]


@pytest.mark.parametrize(
    ("line", "until"),
    [
        ("NOT FOR BROADCAST OR ONLINE USE BEFORE 0001 GMT TUESDAY 6 OCTOBER", at(0, 1, 6)),
        ("EMBARGOED FOR RELEASE UNTIL 6:00 P.M. ET, MONDAY, OCT. 5, 2026", at(22)),
        ("Embargoed until 3 p.m. PT, Oct. 5, 2026", at(22)),
    ],
)
def test_broadcasters_and_americans_name_their_hours_so(line: str, until: datetime) -> None:
    assert taken(line).embargoed == until


def test_editors_are_asked_to_kill_a_number() -> None:
    story = taken("Editors: kill a0157. It is wrong.")
    assert (story.revision, story.identifiers["kills"]) == (Revision.KILL, "a157")


def test_a_number_names_the_victim_in_other_languages() -> None:
    assert taken("STORNO: Meldung sel 0157\n\nBitte nicht verwenden.").identifiers["kills"] == "sel157"
