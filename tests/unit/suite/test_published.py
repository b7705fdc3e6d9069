"""`visitwire parse --strict --schemas`: the published schemas, here small ones of our own, applied to wire items."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner
from visitwire_suite.main import app
from visitwire_suite.published.json_lines import line_of

G2 = "http://iptc.org/std/nar/2006-10-01/"
FRAME = f"""<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="{G2}" xmlns="{G2}"
 elementFormDefault="qualified">
 <xs:import namespace="http://www.w3.org/XML/1998/namespace" schemaLocation="http://www.w3.org/2001/xml.xsd"/>
 <xs:complexType name="Meta"><xs:sequence>
  <xs:element name="urgency" minOccurs="0"><xs:simpleType><xs:restriction base="xs:integer">
   <xs:maxInclusive value="9"/></xs:restriction></xs:simpleType></xs:element>
  <xs:element name="headline" type="xs:string" maxOccurs="2"/>
 </xs:sequence></xs:complexType></xs:schema>"""
ITEM = f"""<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="{G2}" xmlns="{G2}"
 elementFormDefault="qualified">
 <xs:include schemaLocation="https://iptc.example/std/G2_2.20-Framework-Power.xsd"/>
 <xs:import namespace="http://www.w3.org/XML/1998/namespace"/>
 <xs:element name="newsItem"><xs:complexType><xs:sequence><xs:element name="contentMeta" type="Meta"/></xs:sequence>
  <xs:attribute name="guid" use="required"/><xs:attribute name="standardversion"/><xs:attribute name="conformance"/>
  <xs:attribute ref="xml:lang" xmlns:xml="http://www.w3.org/XML/1998/namespace"/>
 </xs:complexType></xs:element></xs:schema>"""

MESSAGE = f"""<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="{G2}" xmlns="{G2}"
 elementFormDefault="qualified">
 <xs:include schemaLocation="G2_2.30-Framework-Power.xsd"/>
 <xs:element name="newsMessage"><xs:complexType><xs:sequence>
  <xs:element name="header"/><xs:any namespace="{G2}" processContents="lax" maxOccurs="unbounded"/>
 </xs:sequence></xs:complexType></xs:element></xs:schema>"""


def news(version: str, meta: str, more: str = "") -> str:
    return (
        f'<?xml version="1.0"?>\n<newsItem xmlns="{G2}" standardversion="{version}" {more}>\n'
        f"<contentMeta>\n{meta}\n</contentMeta></newsItem>"
    )


def strictly(schemas: Path, *files: Path) -> list[list[str]]:
    """The breaches of each file."""
    result = CliRunner().invoke(app, ["parse", "--strict", "--schemas", str(schemas), *map(str, files)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return [json.loads(line).get("breaches", []) for line in result.stdout.splitlines()]


@pytest.fixture
def schemas(tmp_path: Path) -> Path:
    """Two versions of an XSD in two files each, and two of a JSON Schema."""
    folder = tmp_path / "schemas"
    (folder / "xml").mkdir(parents=True)
    for version in ("2.20", "2.30"):
        frame = FRAME if version == "2.20" else FRAME.replace('"headline"', '"title"')
        (folder / "xml" / f"G2_{version}-Framework-Power.xsd").write_text(frame)
        (folder / "xml" / f"G2_{version}-NewsItem-Power.xsd").write_text(ITEM.replace("2.20", version))
    (folder / "xml" / "G2_2.30-NewsMessage-Power.xsd").write_text(MESSAGE)
    point = {"$schema": "http://json-schema.org/draft-07/schema#", "required": ["type"]}
    (folder / "Point.json").write_text(json.dumps(point))
    for version, draft in (("1.9", "draft-04/schema#"), ("2.5", "draft/2020-12/schema")):
        made = {
            "$schema": f"http{'s' if '2020' in draft else ''}://json-schema.org/{draft}",
            "$id": f"https://iptc.example/std/ninjs-schema_{version}.json",
            "type": "object",
            "required": ["uri"],
            "additionalProperties": False,
            "properties": {
                "uri": {"type": "string", "format": "uri"},
                "versioncreated": {"type": "string", "format": "date-time"},
                "standard": {},
                "headlines": {"type": "array", "items": {"anyOf": [{"type": "string"}, {"required": ["value"]}]}},
                "places": {"items": {"$ref": "https://geo.example/schema/Point.json"}},
            },
        }
        (folder / f"ninjs-schema_{version}.json").write_text(json.dumps(made))
    (folder / "example.json").write_text('{"uri": "an example that lies beside"}')
    return folder


def test_an_xsd_tells_every_breach_with_its_line_and_path(schemas: Path, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.xml", tmp_path / "bad.xml"
    good.write_text(news("2.20", "<headline>Ferry</headline>", 'guid="urn:1" xml:lang="en"'))
    meta = "<urgency>12</urgency>\n<headline>Ferry</headline>\n<headline>Ferry</headline>\n<headline/>"
    bad.write_text(news("2.20", meta, 'desk="a"'))
    assert strictly(schemas, good, bad) == [[], [
        f"G2_2.20-NewsItem-Power.xsd: {each}" for each in (
            "line 2: newsItem: the attribute 'desk' is not allowed",
            "line 2: newsItem: the attribute 'guid' is required but missing",
            "line 4: newsItem/contentMeta/urgency: [facet 'maxInclusive'] The value '12' is greater than the maximum"
            " value allowed ('9')",
            "line 7: newsItem/contentMeta/headline[3]: this element is not expected",
        )
    ]]  # fmt: skip


def test_the_items_of_a_message_are_checked_by_their_own_xsd(schemas: Path, tmp_path: Path) -> None:
    items = [news(version, "<headline/>", 'guid="urn:1"').split("?>")[1] for version in ("2.20", "2.30")]
    path = tmp_path / "a.xml"
    path.write_text(f'<newsMessage xmlns="{G2}"><header/>{"".join(items)}<signal/></newsMessage>')
    want = "line 8: newsItem/contentMeta/headline: this element is not expected. Expected is one of ( urgency, title )"
    assert strictly(schemas, path) == [[f"G2_2.30-NewsItem-Power.xsd: {want}"]]


def test_the_xsd_is_that_of_the_documents_version_or_the_next(schemas: Path, tmp_path: Path) -> None:
    said = []
    for version in ("2.19", "2.20", "2.25", "2.30", "2.40", ""):
        path = tmp_path / "a.xml"
        path.write_text(news(version, "<label/>", 'guid="urn:1"'))
        said.append(strictly(schemas, path)[0][0])
    assert [each[3:7] for each in said] == ["2.20", "2.20", "2.30", "2.30", "2.30", "2.30"]
    assert said[0].endswith("contentMeta/label: this element is not expected. Expected is one of ( urgency, headline )")


def test_a_json_schema_tells_every_breach_with_its_line_and_path(schemas: Path, tmp_path: Path) -> None:
    path = tmp_path / "page.json"
    path.write_text(
        '[{"uri": "urn:1", "standard": {"version": "2.5"}},\n {"standard": {"version": "2.4"},\n'
        '  "headlines": ["a",\n   {"role": "main"}],\n  "places": [{"name": "Selka"}],\n  "versioncreated": "today",'
        '\n  "desk": 1, "uri": "no uri"}]'
    )
    assert strictly(schemas, path) == [[
        f"ninjs-schema_2.5.json: {each}" for each in (
            "line 2: the item: Additional properties are not allowed ('desk' was unexpected)",
            "line 4: headlines[1]: {'role': 'main'} is not valid under any of the given schemas"
            " (headlines[1]: 'value' is a required property)",
            "line 5: places[0]: 'type' is a required property",
            "line 7: uri: 'no uri' is not a 'uri'",
            "line 6: versioncreated: 'today' is not a 'date-time'",
        )
    ]]  # fmt: skip


def test_what_no_schema_of_the_folder_is_about_is_checked_by_our_tables(schemas: Path, tmp_path: Path) -> None:
    three, package = tmp_path / "three.json", tmp_path / "package.xml"
    three.write_text('{"uri": "urn:1", "standard": {"name": "ninjs", "version": "3.1"}, "desk": 1}')
    package.write_text(f'<packageItem xmlns="{G2}" standardversion="2.20"/>')
    ninjs, g2 = strictly(schemas, three, package)
    assert "ninjs 3.1: desk is not a field of this version" in ninjs
    assert g2[0].startswith("NewsML-G2: line 1: <packageItem> has no")


@pytest.mark.parametrize(
    ("break_it", "told"),
    [
        (lambda folder: [each.unlink() for each in folder.rglob("*.*")], "no XSD and no JSON Schema of ninjs"),
        (lambda folder: (folder / "xml" / "G2_2.20-Framework-Power.xsd").unlink(), "not a schema that can be used"),
        (lambda folder: (folder / "xml" / "G2_2.20-Framework-Power.xsd").write_text("<xs:"), "cannot be read"),
        (lambda folder: (folder / "Point.json").unlink(), "https://geo.example/schema/Point.json"),
        (lambda folder: (folder / "Point.json").write_text("{"), "Point.json cannot be read"),
        (
            lambda folder: (folder / "ninjs-schema_2.5.json").write_text('{"$schema": "x", "type": 1}'),
            "ninjs-schema_2.5.json is not a schema that can be used",
        ),
    ],
)
def test_a_folder_that_cannot_be_used_is_told(break_it: object, told: str, schemas: Path, tmp_path: Path) -> None:
    break_it(schemas)  # type: ignore[operator]
    (tmp_path / "a.xml").write_text(news("2.20", "<headline/>"))
    (tmp_path / "b.json").write_text('{"uri": "urn:1", "standard": {"version": "2.5"}, "places": [{}]}')
    files = [str(tmp_path / "a.xml"), str(tmp_path / "b.json")]
    result = CliRunner().invoke(app, ["parse", "--strict", "--schemas", str(schemas), *files], env={"COLUMNS": "400"})
    assert (result.exit_code, told in result.output) == (2, True), result.output


def test_schemas_without_strict_are_told(schemas: Path) -> None:
    result = CliRunner().invoke(app, ["parse", "--schemas", str(schemas), "a.xml"])
    assert (result.exit_code, "Add --strict" in result.output) == (2, True)


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(_VALUES)
def test_the_line_of_every_part_is_where_json_writes_it(value: object) -> None:
    """Printed with a line for each part, a part is found on the line of its number."""
    text = json.dumps(value, indent=1)
    lines = text.split("\n")

    def walk(part: object, path: tuple[str | int, ...], line: int) -> int:
        """The line after the part."""
        assert line_of(text, path) == line + 1
        if isinstance(part, dict | list) and part:
            line += 1
            for key, each in part.items() if isinstance(part, dict) else enumerate(part):
                line = walk(each, (*path, key), line)
        return line + 1

    assert walk(value, (), 0) == len(lines)
