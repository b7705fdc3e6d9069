"""Which reader read a story: its release, and a digest that tells it from every other."""

import hashlib
from collections.abc import Iterable
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path


def version_of(*packages: str, also: Iterable[str] = ()) -> str:
    """The release of the first package and a digest of all that they hold, code and data: "0.1.0+5f0c2a9e".

    `also` names what else decides what is read: a language model with its version, the digest of a table. The release
    orders readers (see `EnrichedStory.reading`); the digest only tells one from another.
    """
    seen = hashlib.blake2b(digest_size=4)
    for part in (*(_held(package) for package in packages), *also):
        seen.update(part.encode() + b"\0")
    return f"{version(packages[0].replace('_', '-'))}+{seen.hexdigest()}"


def digest_of(file: Path) -> str:
    """Of what a file holds. Raises OSError."""
    return hashlib.blake2b(file.read_bytes(), digest_size=8).hexdigest()


@cache
def _held(package: str) -> str:
    """A digest of a package's files by their names, without what Python compiled of them."""
    seen = hashlib.blake2b(digest_size=16)
    folder = Path(str(files(package)))
    for file in sorted(file for file in folder.rglob("*") if file.is_file() and "__pycache__" not in file.parts):
        seen.update(f"{file.relative_to(folder).as_posix()}\0".encode() + hashlib.blake2b(file.read_bytes()).digest())
    return seen.hexdigest()
