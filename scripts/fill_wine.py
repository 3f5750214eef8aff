"""Gives wine what Windows has and wine has not: `fill_wine.py PACKAGES SYSTEM32`, for scripts/test-windows.

Qt loads icuuc.dll for text in old encodings, of which Thaw reads none: ours has what Qt calls, and converts nothing.
numpy asks the C library for the parts of complex numbers: it is led to a library that has these, and hands on the rest.
"""

from __future__ import annotations

import struct
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

NOTHING = b"\x31\xc0\xc3"  # xor eax, eax; ret

DOUBLE_REAL = b"\xf2\x0f\x10\x01\xc3"  # movsd xmm0, [rcx]; ret
DOUBLE_IMAG = b"\xf2\x0f\x10\x41\x08\xc3"  # movsd xmm0, [rcx + 8]; ret
PARTS = {
    "creal": DOUBLE_REAL,
    "creall": DOUBLE_REAL,
    "cimag": DOUBLE_IMAG,
    "cimagl": DOUBLE_IMAG,
    "crealf": b"\x66\x48\x0f\x6e\xc1\xc3",  # movq xmm0, rcx; ret
    "cimagf": b"\x48\xc1\xe9\x20\x66\x48\x0f\x6e\xc1\xc3",  # shr rcx, 32; movq xmm0, rcx; ret
}
"""Functions of C99 as Windows calls them on x86-64, where a long double is a double."""

MATH, OURS = "api-ms-win-crt-math-l1-1-0.dll", "thaw-crt-math.dll"

CODE_AT, HEAD, PAGE, SECTOR = 0x1000, 0x400, 0x1000, 0x200


def imports(image: bytes) -> Iterator[tuple[str, list[str]]]:
    """Yield the libraries that a library of 64 bits loads, each with what it calls there by name."""

    def numbers(kind: str, at: int) -> tuple[int, ...]:
        return struct.unpack_from("<" + kind, image, at)

    def text(at: int) -> str:
        return image[at : image.index(0, at)].decode()

    def place(address: int) -> int:
        return next(address - s[1] + s[3] for s in sections if s[1] <= address < s[1] + max(s[0], s[2]))

    (head,) = numbers("I", 0x3C)
    (count,) = numbers("H", head + 6)
    (optional,) = numbers("H", head + 20)
    sections = [numbers("IIII", head + 24 + optional + 40 * at + 8) for at in range(count)]
    at = place(*numbers("I", head + 24 + 120))
    while (row := numbers("IIIII", at))[3]:
        at += 20
        found, step = [], place(row[0] or row[4])
        while (entry := numbers("Q", step)[0]) != 0:
            step += 8
            if not entry >> 63:
                found.append(text(place(entry) + 2))
        yield text(place(row[3])), found


def library(name: str, functions: Mapping[str, bytes | str]) -> bytes:
    """Make a DLL.

    Args:
        name: of the file.
        functions: by name: the machine code, or `library.function` of another that has it.
    """
    code, code_at = b"", {}
    for function, body in functions.items():
        if isinstance(body, bytes):
            code_at[function] = CODE_AT + len(code)
            code += body.ljust(16, b"\xcc")
    table_at = CODE_AT + _up(len(code) or 1, PAGE)
    count = len(functions)
    texts_at = table_at + 40 + 10 * count
    texts, names, entries = name.encode() + b"\0", [], []
    for function in sorted(functions):
        names.append(texts_at + len(texts))
        texts += function.encode() + b"\0"
        if function in code_at:
            entries.append(code_at[function])
        else:
            entries.append(texts_at + len(texts))
            texts += str(functions[function]).encode() + b"\0"
    head = (
        0,
        0,
        0,
        0,
        texts_at,
        1,
        count,
        count,
        table_at + 40,
        table_at + 40 + 4 * count,
        table_at + 40 + 8 * count,
    )
    table = struct.pack("<IIHHIIIIIII", *head)
    table += struct.pack(f"<{2 * count}I{count}H", *entries, *names, *range(count)) + texts
    return _image(code or NOTHING, table, table_at)


def _up(length: int, step: int) -> int:
    return -(-length // step) * step


def _image(code: bytes, table: bytes, table_at: int) -> bytes:
    """The file: a section of code, a section with the table of what is exported."""
    code_size, table_size = _up(len(code), SECTOR), _up(len(table), SECTOR)
    head = b"MZ".ljust(60, b"\0") + struct.pack("<I", 64)
    head += struct.pack("<4sHHIIIHH", b"PE\0\0", 0x8664, 2, 0, 0, 0, 240, 0x2022)
    head += struct.pack("<HBBIIIIIQII", 0x20B, 14, 0, code_size, 0, 0, 0, CODE_AT, 0x180000000, PAGE, SECTOR)
    head += struct.pack(
        "<HHHHHHIIIIHH", 6, 0, 0, 0, 6, 0, 0, table_at + _up(len(table), PAGE), HEAD, 0, 2, 0x160
    )
    head += struct.pack("<QQQQII", 0x100000, PAGE, 0x100000, PAGE, 0, 16)
    head += struct.pack("<II", table_at, len(table)).ljust(128, b"\0")
    section = "<8sIIIIIIHHI"
    head += struct.pack(section, b".text", len(code), CODE_AT, code_size, HEAD, 0, 0, 0, 0, 0x60000020)
    head += struct.pack(
        section, b".rdata", len(table), table_at, table_size, HEAD + code_size, 0, 0, 0, 0, 0x40000040
    )
    return head.ljust(HEAD, b"\0") + code.ljust(code_size, b"\0") + table.ljust(table_size, b"\0")


def main(packages: Path, system: Path) -> None:
    """Fill the gaps.

    Args:
        packages: where PySide6 and numpy are.
        system: Windows' own folder of libraries.
    """
    asked = dict(imports((packages / "PySide6/Qt6Core.dll").read_bytes()))["icuuc.dll"]
    (system / "icuuc.dll").write_bytes(library("icuuc.dll", dict.fromkeys(asked, NOTHING)))
    for file in (packages / "numpy/_core").glob("_multiarray_umath*.pyd"):
        image = file.read_bytes()
        asked = dict(imports(image)).get(MATH, [])
        functions = {one: PARTS.get(one, f"ucrtbase.{one}") for one in asked}
        if functions:
            (system / OURS).write_bytes(library(OURS, functions))
            file.write_bytes(image.replace(MATH.encode(), OURS.encode().ljust(len(MATH), b"\0")))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
