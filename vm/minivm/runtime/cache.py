"""The bytecode cache of the command line: compiled programs, beside their sources or in the user's cache folder.

Owns: where cache files lie, their format, and when one is good. Called by `launch` alone, on every start of a program,
so a hit imports neither the compiler nor msgpack nor hashlib: it costs one read and one digest, and for a program with
imports those of its modules. Whatever is wrong with a cache file, the answer is "no cache"; nothing here raises.

A file: MAGIC, 16 bytes of BLAKE2b over the rest, u32 length of the header, the header, the image. The header is a list
of fields, each ended by a NUL: the key, then for every source `S`, path, digest, and for every folder where the
compiler looked for modules `L`, path, digest of the names of the modules there: one that appears may win over another.
The key holds the compiler's fingerprint and the name that tracebacks show.

INV-cache-1  A file is read only if it belongs to root, to the user, or to the owner of the program.
INV-cache-2  A file appears whole or not at all (written under another name, then renamed).
"""
from __future__ import annotations

import os

from minivm.options import CACHE_FOLDER

try:
    from _blake2 import blake2b  # without hashlib, which loads OpenSSL
except ImportError:
    from hashlib import blake2b

MAGIC = b"minivm-cache-1\n\0"
DIGEST = 16
COMPILER_PACKAGES = ("spec", "frontend", "bytecode", "stdlib")
SUFFIXES = (".py", ".mini")


def _digest(data: bytes) -> bytes:
    return blake2b(data, digest_size=DIGEST).digest()


def _hex(data: bytes) -> bytes:
    return _digest(data).hex().encode()


def _fingerprint() -> bytes:
    """Changes whenever a file of the compiler does, so that a developer need not clear caches."""
    root = os.path.dirname(os.path.dirname(__file__))
    folders = [os.path.join(root, package) for package in COMPILER_PACKAGES]
    rows = []
    for folder in folders:  # grows
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.endswith(SUFFIXES):
                    facts = entry.stat()
                    rows.append(f"{entry.path} {facts.st_size} {facts.st_mtime_ns}")
                elif entry.is_dir() and entry.name != "__pycache__":
                    folders.append(entry.path)
    return _digest("\n".join(sorted(rows)).encode("utf-8", "surrogateescape"))


def _listing(folder: str) -> bytes:
    """A digest of the names of the modules and packages in a folder."""
    names = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.endswith(SUFFIXES):
                names.append(entry.name)
            elif entry.name.isidentifier() and any(os.path.exists(f"{entry.path}/__init__{end}") for end in SUFFIXES):
                names.append(entry.name)
    return _hex("\n".join(sorted(names)).encode("utf-8", "surrogateescape"))


def _key(filename: str) -> bytes:
    return _hex(_fingerprint() + os.fsencode(filename))


def _places(filename: str) -> list[str]:
    """The cache files that may stand for a program, best first."""
    folder = os.environ.get("MINIVM_CACHE_DIR")
    unique = f"{_digest(os.fsencode(filename)).hex()}.minic"
    if folder:
        return [os.path.join(folder, unique)]
    beside = os.path.join(os.path.dirname(filename), CACHE_FOLDER, f"{os.path.basename(filename)}.minic")
    base = os.environ.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(base):
        home = os.path.expanduser("~")
        if not os.path.isabs(home):
            return [beside]
        base = os.path.join(home, ".cache")
    return [beside, os.path.join(base, "minivm", unique)]


def load(filename: str, source: bytes, owner: int) -> bytes | None:
    """The image for the program `filename` (an absolute path) with this text, whose file the user `owner` has."""
    key = None
    for place in _places(filename):
        try:
            with open(place, "rb") as file:
                if os.fstat(file.fileno()).st_uid not in (0, os.geteuid(), owner):
                    continue
                data = file.read()
        except OSError:
            continue
        try:
            key = key or _key(filename)
        except OSError:
            return None
        image = _checked(data, key, filename, source)
        if image is not None:
            return image
    return None


def _checked(data: bytes, key: bytes, filename: str, source: bytes) -> bytes | None:
    """The image in a cache file, if the file is whole and everything it depends on is as it was."""
    start = len(MAGIC) + DIGEST
    if not data.startswith(MAGIC) or _digest(data[start:]) != data[len(MAGIC):start]:
        return None
    end = start + 4 + int.from_bytes(data[start:start + 4], "little")
    fields = data[start + 4:end].split(b"\0")
    if fields[0] != key:
        return None
    at = 1
    try:
        while fields[at]:
            path = os.fsdecode(fields[at + 1])
            if fields[at] == b"L":
                found = _listing(path)
            elif path == filename:
                found = _hex(source)
            else:
                with open(path, "rb") as file:
                    found = _hex(file.read())
            if found != fields[at + 2]:
                return None
            at += 3
    except (OSError, IndexError):
        return None
    return data[end:]


def store(filename: str, image: bytes, sources: dict[str, bytes], folders: list[str]) -> None:
    """Keeps the image of `filename`. `sources` are the texts it was made from, by path; `folders` are those where
    modules were looked for."""
    try:
        fields = [_key(filename)]
        for path, text in sources.items():
            fields += [b"S", os.fsencode(path), _hex(text)]
        for path in folders:
            fields += [b"L", os.fsencode(path), _listing(path)]
    except OSError:
        return
    header = b"\0".join(fields) + b"\0"
    body = len(header).to_bytes(4, "little") + header + image
    for place in _places(filename):
        if _write(place, MAGIC + _digest(body) + body):
            return


def _write(place: str, data: bytes) -> bool:
    temporary = f"{place}.{os.getpid()}"
    try:
        os.makedirs(os.path.dirname(place), exist_ok=True)
        with open(temporary, "xb") as file:
            file.write(data)
        os.replace(temporary, place)
    except OSError:
        try:
            os.unlink(temporary)
        except OSError:
            pass
        return False
    return True
