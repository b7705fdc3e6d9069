"""v0"""

import re
from functools import cache
from pathlib import Path

from visitwire_schemas import Entity, EntityKind, Mention, Parse

from visitwire_extraction.model import Parsed


@cache
def tables():
    names = {}
    for line in (Path(__file__).parent / "data/countries.tsv").read_text().splitlines():
        if line.startswith("#"):
            continue
        code, name, wd, other, people, cap, meto = line.split("|")
        for n in [name, *other.split(";"), *people.split(";"), *cap.split(";"), *meto.split(";")]:
            if n:
                names.setdefault(n.lower(), (code.partition("@")[0], name, wd))
            if code.startswith("SU") and n == "Soviet":
                names["soviet"] = ("SU", name, wd)
    pat = re.compile(
        r"(?<!\w)(" + "|".join(re.escape(n) for n in sorted(names, key=len, reverse=True)) + r")(?!\w)", re.I
    )
    return names, pat


OFFICE = re.compile(
    r"((?:[\w.'-]+ )*?)((?:[A-Z]\w+ |foreign |finance |trade |prime |defen[cs]e |deputy |vice |external affairs )*(?:president|prime minister|premier|minister|chancellor|king|queen|prince|sultan|emir|sheikh|envoy|ambassador|secretary|chairman|commissioner|governor|senator|speaker|spokesman|spokeswoman|director|chief|leader|secretary of state|pope|general)s?) $",
    re.I,
)


def entities_of(parsed: Parsed, parse: Parse) -> tuple[Entity, ...]:
    names, pat = tables()
    text = parsed.story.text
    people = {}
    out = []
    countries = {}
    for m in pat.finditer(text):
        if m.group() == "us" or (
            m.group().islower() and m.group() in ("turkey", "male", "polish", "chad", "us", "china" if False else "us")
        ):
            continue
        c = names[m.group().lower()]
        countries.setdefault(c, []).append((m.start(), m.end()))
    for piece, doc in parsed.docs:
        for e in doc.ents:
            s, t = piece.start + e.start_char, piece.start + e.end_char
            w = re.sub(r"['’]s$", "", text[s:t])
            t = s + len(w)
            if e.label_ == "PERSON" and "\n" not in w:
                p = people.setdefault(w.split()[-1].lower(), {"name": w, "m": [], "country": None, "office": None})
                if len(w) > len(p["name"]):
                    p["name"] = w
                p["m"].append((s, t))
                before = text[piece.start : s]
                o = OFFICE.search(before[-80:])
                if o and not p["office"]:
                    p["office"] = o.group(2)
                    cs = [names[x.group().lower()][0] for x in pat.finditer(before[-80:])]
                    if cs:
                        p["country"] = cs[-1]
            elif e.label_ == "ORG":
                p = people.setdefault("org:" + w, {"name": w, "m": [], "org": 1})
                p["m"].append((s, t))
    rows = []
    for k, p in people.items():
        rows.append(
            dict(
                kind="organization" if p.get("org") else "person",
                name=p["name"],
                country=p.get("country"),
                office=p.get("office"),
                mentions=[{"start": a, "end": b} for a, b in p["m"]],
            )
        )
    for (code, name, wd), m in countries.items():
        rows.append(
            dict(
                kind="country",
                name=name,
                country=code,
                wikidata=wd or None,
                mentions=[{"start": a, "end": b} for a, b in m],
            )
        )
    rows.sort(key=lambda r: r["mentions"][0]["start"])
    return tuple(Entity(id=f"e{i}", salience=min(1, len(r["mentions"]) / 10), **r) for i, r in enumerate(rows, 1))
