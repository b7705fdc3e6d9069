# ruff: noqa: E501 - a line or two a language is what makes it readable
"""The words by which desks say what an item is, in the languages of the wires; `revision` says where they count.

Words that a desk and its news share are left out ("AVLYST", "İPTAL EDİLDİ", "Annulé :" tell of visits that were
called off), or count in brackets alone.
"""

KILLED = (
    "WITHDRAWN|WITHDRAWAL|WITHDRAWS|DELETED|RETRACTED|RETRACTION|RECALL(?:ED)?|ELIMINATION|ANNULATION|ANNULIERUNG|ZURÜCKGEZOGEN"
    "|ANULACI[ÓO]N(?: DE)?(?: NOTICIA)?|ANULADA|ANULAR|ANULEN|NOT[ÍI]CIA ANULADA|ANULAÇÃO"
    "|ANNULLAMENTO(?: NOTIZIA)?|ANNULLARE(?: NOTIZIA)?|NOTIZIA ANNULLATA"
    "|STORNO|STORNIERUNG|(?:APA|SDA)[- ](?i:storno)|INGETROKKEN|INTREKKING"
    "|TRUKKET(?: TILBAKE)?|ANNULLER(?:ET|ES|T)|TILBAGETRUKKET|STRYKS|MAKULER(?:AS|AD|ES|T|ING)|TILLBAKADRA(?:GEN|GET|S)"
    "|MITÄTÖI(?:TY|DÄÄN)|POISTE(?:TTU|TAAN)|ANULACJA|ANULOWAN[OA]|WYCOFAN[OA]|ANULOVÁNO|VISSZAVON(?:VA|ÁS)"
    "|АННУЛИР(?:УЕТСЯ|ОВАН[ОА]?|ОВАНИЕ)(?: СООБЩЕНИ[ЕЯ])?|СООБЩЕНИЕ АННУЛИРОВАНО|СНЯТО С ЛЕНТЫ|АНУЛЬОВАНО"
    "|ΑΚΥΡΩΣΗ ΕΙΔΗΣΗΣ|ΑΚΥΡΟ|HABER(?:İN)? İPTALİ|İPTAL HABER"
    "|(?:إلغاء|الغاء|سحب|حذف) (?:ال)?خبر|خبر مل?غى|(?:전문|기사)\\s?(?:취소|삭제)|全文取り?消し|記事(?:取り?消し|削除)"
    "|撤稿|撤销(?:此|该)?稿件?|(?:此稿|稿件)(?:撤销|作废)"
)
"""Labels that take an item back where they stand apart: before a colon, a dash or a bracket, or alone."""
KILLED_IN_BRACKETS = "撤销|撤銷|取り?消し|全文削除|削除|삭제|ОТОЗВАНО|DO NOT USE"
"""Those that would tell of a visit that was called off ("[취소]", "(İPTAL)") are none of them."""
CORRECTED = (
    "CORRECTED|CORRECTS|CORRECTION|CORREX|RICHTIGSTELLUNG|BERICHTIGUNG|KORREKTUR|RECTIFICATIF|CORRIGE|CORRECCIÓN"
    "|RECTIFICACIÓN|CORREZIONE|RETTIFICA|CORREÇÃO|RETIFICAÇÃO|CORRECTIE|RECTIFICATIE|RETTELSE|KORRIGER(?:T|ET|AD)|RÄTTELSE"
    "|RÄTTAD|KORJA(?:TTU|US)|OIKAISU|KOREKTA|SPROSTOWANIE|OPRAVA|HELYESBÍTÉS|ИСПРАВЛЕН(?:ИЕ|О)|УТОЧНЕНИЕ|ПОПРАВКА|ВИПРАВЛЕНО"
    "|ΔΙΟΡΘΩΣΗ|ΟΡΘΗ ΕΠΑΝΑΛΗΨΗ|DÜZELTME|تصويب|تصحيح|정정|訂正|更正"
)
CORRECTED_IN_ANY_CASE = (
    "correct(?:ed|ion)|corrected repeat|berichtig(?:ung|t)|korrig(?:iert|ert|eret|erad)|rettelse|rättelse|korjau?s|oikaisu"
    "|corrección|correzione|correctie|rectificatif"
)
"""Before a colon at the start."""
ALERTED = (
    "FLASH|ALERT|ALERTE|NEWS ?ALERT|BREAKING|BREAKING NEWS|EILMELDUNG|BLITZ|SNAP|МОЛНИЯ|ÚLTIMA HORA|ULTIM'ORA|FLAŞ|عاجل|속보"
    "|速報|快讯|快訊"
)
REFILED = "REFILE|REFILES|REFILED|REFILING"
REPEATED = "REPEAT|REPEATS|REPEATING|RPT|WIEDERHOLUNG|RÉPÉTITION|REPETICIÓN|ПОВТОР|重发|再送"
ADVISED = "ADVISORY|MEDIA ADVISORY|NOTE TO EDITORS|ATTENTION EDITORS|EDITORS' NOTE"
ATTENTION = (
    "URGENT|ATTENTION|EDS|EDITORS|BC|EILT|ACHTUNG|ATTENZIONE|ATENCIÓN|ATENÇÃO|ВНИМАНИЕ|OBS|HUOM|UWAGA|DİKKAT|تنبيه|注意"
    r"|\([A-Z]{2,6}\)"
)
"""What may stand before a label."""
MEANT = r"(?:story|item|report|dispatch|article|copy|take|version|text|meldung|dépêche|depeche|noticia|nota)"
ASKED = (
    r"(?:(?:si prega|vi preghiamo|pregasi|per favore)\b.{0,12})?\bannull(?:are|ate)\b.{0,30}\b(?:notizia|dispaccio|servizio|lancio)\b",
    r"(?:se ruega|rogamos|se pide|por favor|se solicita)\b.{0,20}\b(?:anul|elimin|retir|no us|no utili[zc]|no difund)\w*.{0,30}"
    r"\b(?:noticia|información|nota|despacho|crónica)\b",
    r"(?:pede-se|pedimos|solicit[ao]mos|solicita-se|por favor|agradecemos)\b.{0,20}\b(?:anul|elimin|retir|não (?:us|utili[zc]))\w*"
    r".{0,30}\b(?:notícia|texto|despacho|peça)\b",
    r"(?:merci de |merci d['’]|prière de |prière d['’]|veuillez |nous vous prions de |nous vous prions d['’])(?:bien vouloir )?"
    r"(?:annuler|supprimer|retirer|ne pas (?:utiliser|diffuser|publier)|ne pas tenir compte)\b"
    r".{0,30}\b(?:dépêche|information|article|papier|texte)\b",
    r"(?:diese|unsere|die|vorstehende|obige) (?:\w{2,5}-)?(?:meldung|nachricht|zusammenfassung)\b.{0,80}\b(?:wird|ist|wurde)\b.{0,20}\b"
    r"zurückgezogen\b",
    r"(?:dpa|apa|afp|sda|keystone-sda|epd|kna) zieht (?:die|ihre|den|diese)\b.{0,100}\bzurück\b",
    r"(?:просим|просьба)\s.{0,20}?(?:аннулировать|снять|удалить|не использовать|не публиковать|считать недействительн\w+)"
    r"\s.{0,40}\b(?:сообщени|материал|новост|заметк|информаци)\w*",
    r"(?:наше |данное |это )?(?:сообщение|материал|новость)\b.{0,80}\b(?:аннулиру(?:ется|ют)|аннулирован[оа]?|отозван[оа]?)\b",
    r"(?:ntb|tt|ritzau|stt|fnb|vi) (?:drar tillbaka|trekker(?: tilbake)?|trækker)\b.{0,20}\b"
    r"(?:texten|telegrammet|artikeln|nyheten|meldingen|saken|artikkelen|historien|artiklen)\b",
    r"stt (?:poistaa|mitätöi) (?:jutun|uutisen|artikkelin)\b",
    r"(?:gelieve|graag|verzoeke)\b.{0,40}\bbericht\b.{0,40}\bniet (?:te )?(?:gebruiken|publiceren)",
    r"(?:anp|belga) trekt (?:het|dit) bericht\b.{0,60}\bin\b",
    r"prosimy o (?:anulowanie|niewykorzystywanie|niepublikowanie)\b.{0,30}\b(?:depesz|informacj|materiał)\w*",
    r"(?:haber|haberimiz|bültenimiz)\b.{0,60}\b(?:iptal edilmiştir|geri çekilmiştir|kullanmayınız)",
    r"(?:يرجى|نرجو|الرجاء)\s.{0,10}?(?:إلغاء|الغاء|سحب|حذف|عدم استخدام|عدم نشر|تجاهل)\s.{0,20}?(?:خبر|الخبر|النبأ|المادة|البرقية)",
    r"请.{0,6}(?:撤销|勿用|勿使用|停止使用).{0,12}(?:稿|消息|报道)",
    r"(?:この|本)?(?:記事|原稿)を(?:全文)?取り消します",
    r".{0,20}기사를 (?:전문 )?취소합니다",
    r"(?:editors|eds|attention|note)\b.{0,200}\b(?:has been|is|was) (?:withdrawn|killed|retracted)\b",
)
"""Sentences to editors, at the start, that take a story back."""
HEADLINED = (
    r"headlined|titled|entitled|intitulée?|intitulad[oa]|titulad[oa]|titolo|título|mit der überschrift|mit dem titel"
    r"|under the headline|med rubriken|med tittelen|med overskriften|под заголовком|otsikolla|başlıklı|zatytułowan\w+|بعنوان|题为|標題"
)
