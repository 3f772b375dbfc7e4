"""What an update would change, computed from two templates and their parameters alone."""

from . import registry, template as tpl

# parts of a resource that are compared besides its properties, under the name a change set gives them
ATTRIBUTES = ("Metadata", "CreationPolicy", "UpdatePolicy", "DeletionPolicy", "UpdateReplacePolicy")


def difference(old, new, resources):
    """Change set entries, in the order of the logical ids.

    `old` and `new` are Scopes without resources (`old` is None for a new stack); `resources` maps
    the logical ids of the deployed stack to their physical ids.
    """
    before = {} if old is None else {n: old.template["Resources"][n] for n in old.live()}
    after = {n: new.template["Resources"][n] for n in new.live()}
    entries, replaced = {}, set()
    for name, resource in after.items():
        if name not in before or name not in resources:
            entries[name] = _entry("Add", name, resource["Type"])
        elif before[name]["Type"] != resource["Type"]:
            raise tpl.TemplateError(f"Update of resource type is not permitted. The new template modifies resource type of the following resources: [{name}]")
        elif details := _details(name, before[name], resource, old, new):
            entries[name] = _entry("Modify", name, resource["Type"], resources[name], details)
    for name in before:
        if name not in after and name in resources:
            entries[name] = _entry("Remove", name, before[name]["Type"], resources[name])
            entries[name]["PolicyAction"] = {"Retain": "Retain", "Snapshot": "Snapshot"}.get(before[name].get("DeletionPolicy"), "Delete")

    # a resource that gets a new physical id changes whatever refers to it
    while fresh := {n for n, e in entries.items() if e.get("Replacement") == "True"} - replaced:
        replaced |= fresh
        for name in set(after) & set(before) & set(resources):
            found = _references_to(fresh, name, after[name], new)
            if not found:
                continue
            entry = entries.setdefault(name, _entry("Modify", name, after[name]["Type"], resources[name], []))
            entry["Details"] += found
            _summarise(entry)
    return [entries[name] for name in sorted(entries)]


def _entry(action, name, kind, physical=None, details=()):
    entry = {"Action": action, "LogicalResourceId": name, "ResourceType": kind, "Details": list(details), "Scope": []}
    if physical:
        entry["PhysicalResourceId"] = physical
    if action == "Modify":
        _summarise(entry)
    return entry


def _summarise(entry):
    entry["Scope"] = sorted({d["Target"]["Attribute"] for d in entry["Details"]})
    needs = {(d["Target"].get("RequiresRecreation"), d["Evaluation"]) for d in entry["Details"]}
    if ("Always", "Static") in needs:
        entry["Replacement"] = "True"
    elif any(kind in ("Always", "Conditionally") for kind, _ in needs):
        entry["Replacement"] = "Conditional"
    else:
        entry["Replacement"] = "False"


def _details(name, before, after, old, new):
    found = []
    left, right = before.get("Properties", {}), after.get("Properties", {})
    for key in sorted({*left, *right}):
        was, now = old.value(left.get(key)), new.value(right.get(key))
        if was == now or was in (None, tpl.NoValue) and now in (None, tpl.NoValue):
            continue
        target = {"Attribute": "Tags" if key == "Tags" else "Properties",
                  "RequiresRecreation": registry.recreation(after["Type"], key, was, now)}
        if key != "Tags":
            target["Name"] = key
        changed = [p for p in _parameters(right.get(key), new) if old.texts.get(p) != new.texts.get(p)]
        if left.get(key) == right.get(key) and changed:
            found += [{"Target": target, "Evaluation": "Static", "ChangeSource": "ParameterReference", "CausingEntity": p} for p in changed]
        else:
            found.append({"Target": target, "Evaluation": "Static", "ChangeSource": "DirectModification"})
    for part in ATTRIBUTES:
        if old.value(before.get(part)) != new.value(after.get(part)):
            found.append({"Target": {"Attribute": part, "RequiresRecreation": "Never"}, "Evaluation": "Static", "ChangeSource": "DirectModification"})
    return found


def _parameters(value, scope):
    """Parameters that a value depends on, those behind its conditions included."""
    names, todo, seen = set(), [value], set()
    while todo:
        item = todo.pop()
        names |= {n for n, _ in tpl.references(item) if n in scope.parameters}
        for condition in {*tpl.conditions_of(item), *([item["Condition"]] if isinstance(item, dict) and isinstance(item.get("Condition"), str) else [])} - seen:
            seen.add(condition)
            todo.append(scope.template.get("Conditions", {}).get(condition))
    return sorted(names)


def _references_to(fresh, name, resource, scope):
    found = []
    for key, value in resource.get("Properties", {}).items():
        for other, attribute in tpl.references(scope.value(value)):
            if other in fresh and other != name:
                target = {"Attribute": "Tags" if key == "Tags" else "Properties", "Name": key,
                          "RequiresRecreation": registry.recreation(resource["Type"], key, "old", "new")}
                found.append({"Target": target, "Evaluation": "Static",
                              "ChangeSource": "ResourceReference" if attribute is None else "ResourceAttribute",
                              "CausingEntity": other if attribute is None else f"{other}.{attribute}"})
    return found
