"""The CloudFormation output of an architecture as one template: of several stacks, what one exports is put where another
imports it. What must be there first because its stack is has no DependsOn: `Stacks` holds the order."""

import json


def exists(folder):
    return any((folder / name).exists() for name in ("template.json", "stacks.json"))


def read(folder):
    if not (folder / "stacks.json").exists():
        return json.loads((folder / "template.json").read_text())
    listed = json.loads((folder / "stacks.json").read_text())["stacks"]
    documents = {one["name"]: json.loads((folder / one["file"]).read_text()) for one in listed}
    joined = {"Resources": {}, "Parameters": {}, "Conditions": {}, "Outputs": {}}
    exports, needs = {}, {}
    for one in listed:
        document = documents[one["name"]]
        needs[one["name"]] = set(one["depends_on"]).union(*(needs[other] for other in one["depends_on"]))
        for section, entries in joined.items():
            for name, entry in document.get(section, {}).items():
                if "Export" in entry:
                    exports[entry["Export"]["Name"]] = entry["Value"]
                elif section in ("Parameters", "Conditions") or name not in entries:
                    entries[name] = entry
                else:
                    raise ValueError(f"{name} is in two stacks")
    joined["Stacks"] = {"needs": needs, "of": {name: stack for stack, document in documents.items() for name in document["Resources"]}}
    return {section: _imported(entries, exports) if section != "Stacks" else entries for section, entries in joined.items()}


def _imported(value, exports):
    if isinstance(value, list):
        return [_imported(one, exports) for one in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"Fn::ImportValue"}:
        return exports[value["Fn::ImportValue"]]
    return {key: _imported(one, exports) for key, one in value.items()}
