"""The table of what both outputs hold, for each declaration."""

import json
from itertools import groupby

from equivalence import spelling


def _sorted(rows):
    return sorted(rows, key=lambda row: (row.declaration, row.logical, row.property))


def _text(value):
    return "" if value is None else spelling.text(value)


def human(rows):
    lines = []
    for declaration, found in groupby(_sorted(rows), lambda row: row.declaration):
        lines.append(declaration)
        for (logical, address), same in groupby(found, lambda row: (row.logical, row.address)):
            lines.append(f"  {logical} = {address}")
            for row in same:
                both = _text(row.cloudformation) if row.cloudformation == row.terraform else f"{_text(row.cloudformation)} <> {_text(row.terraform)}"
                lines.append(f"    {row.property}: {both}")
    return "\n".join(lines)


def markdown(rows):
    lines = []
    for declaration, found in groupby(_sorted(rows), lambda row: row.declaration):
        lines += [f"## {declaration}", "", "| CloudFormation | Terraform | property | value | equal |", "|---|---|---|---|---|"]
        for row in found:
            value = _text(row.cloudformation) if row.cloudformation == row.terraform else f"{_text(row.cloudformation)} / {_text(row.terraform)}"
            cells = [row.logical, f"`{row.address}`", row.property, value, "yes" if row.cloudformation == row.terraform else "**no**"]
            lines.append("| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |")
        lines.append("")
    return "\n".join(lines)


def as_json(rows):
    return json.dumps([row._asdict() | {"equal": row.cloudformation == row.terraform} for row in _sorted(rows)], indent=2, ensure_ascii=False)


FORMS = {"human": human, "markdown": markdown, "json": as_json}
