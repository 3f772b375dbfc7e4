"""Values that a chart's schema has to refuse, made out of values that it accepts."""

import copy
import json

import jsonschema

from helm.render import load, merged

UNKNOWN = "archgenVerifyUnknown"
WRONG = ([], "text", 7.5, True, -1, {})
SCHEMA = "values don't meet the specifications of the schema"


def read(folder):
    return json.loads((folder / "values.schema.json").read_text())


def alternatives(root, schema):
    """What a schema comes down to: references followed, combinations taken apart."""
    if not isinstance(schema, dict):
        return
    if "$ref" in schema:
        target = root
        for part in schema["$ref"].removeprefix("#").strip("/").split("/"):
            target = target[part.replace("~1", "/").replace("~0", "~")] if part else target
        yield from alternatives(root, target)
    yield schema
    for word in ("allOf", "anyOf", "oneOf"):
        for one in schema.get(word, []):
            yield from alternatives(root, one)


def below(root, schema, key):
    """Schemas of what stands under a key, and whether the key is one of a map."""
    found, is_map = [], False
    for one in alternatives(root, schema):
        if key in one.get("properties", {}):
            found.append(one["properties"][key])
        elif isinstance(one.get("additionalProperties"), dict):
            found.append(one["additionalProperties"])
            is_map = True
        for pattern in one.get("patternProperties", {}).values():
            found.append(pattern)
            is_map = True
    return {"allOf": found} if len(found) > 1 else found[0] if found else {}, is_map


def typed(root, schema):
    return any({"type", "enum", "const", "anyOf", "oneOf"} & set(one) or one.get("not") == {} for one in alternatives(root, schema))


def open_objects(root, schema=None, path="values", seen=()):
    """Objects that take any key, and values of any type."""
    schema = root if schema is None else schema
    if not isinstance(schema, dict):
        if schema is True:
            yield f"{path} takes anything"
        return
    if "$ref" in schema:
        if schema["$ref"] not in seen:
            for one in list(alternatives(root, schema))[:1]:
                yield from open_objects(root, one, schema["$ref"], (*seen, schema["$ref"]))
        return
    combined = [one for word in ("anyOf", "oneOf", "allOf") for one in schema.get(word, [])]
    if not combined and not typed(root, schema):
        yield f"{path} takes values of any type"
    if "properties" in schema and schema.get("additionalProperties") is not False:
        yield f"{path} does not refuse unknown keys"
    kinds = schema.get("type", [])
    if "object" in ([kinds] if isinstance(kinds, str) else kinds) and not combined and not {"properties", "additionalProperties", "patternProperties"} & set(schema):
        yield f"{path} takes an object of any kind"
    for key, one in schema.get("properties", {}).items():
        yield from open_objects(root, one, f"{path}.{key}", seen)
    for word in ("additionalProperties", "items"):
        if isinstance(schema.get(word), dict):
            yield from open_objects(root, schema[word], f"{path}.*", seen)
    for one in schema.get("patternProperties", {}).values():
        yield from open_objects(root, one, f"{path}.*", seen)
    held = any(typed(root, one) for one in schema.get("allOf", []))   # the others of them only add to it
    for number, one in enumerate(combined):
        if not (held and one in schema["allOf"] and not typed(root, one)):
            yield from open_objects(root, one, f"{path}({number})", seen)


def at(path, value):
    for key in reversed(path):
        value = {key: value}
    return value


def leaves(values, path=()):
    for key, value in values.items():
        if isinstance(value, dict) and value:
            yield from leaves(value, (*path, key))
        else:
            yield (*path, key), value


def without(values, path):
    """Values from which one is gone, and what held only that."""
    values = copy.deepcopy(values)
    inner, trail = values, []
    for key in path[:-1]:
        trail.append((inner, key))
        inner = inner[key]
    del inner[path[-1]]
    for outer, key in reversed(trail):
        if not outer[key]:
            del outer[key]
    return values


def walk(root, schema, values, path=(), kind=()):
    """(path, the path with `*` for keys of maps and for services, value, schema, whether it may be overridden alone)."""
    for key, value in values.items():
        under, is_map = below(root, schema, key)
        general = (*kind, "*" if is_map or kind == ("services",) else key)
        yield (*path, key), general, value, under
        if isinstance(value, dict):
            yield from walk(root, under, value, (*path, key), general)


def accepts(root, schema, value):
    definitions = {word: root[word] for word in ("definitions", "$defs") if word in root}
    return jsonschema.Draft7Validator({"allOf": [schema], **definitions}).is_valid(value)


def cases(root, values):
    """(what is wrong, values to lay over, where): every service in its own right, else one of every kind of place."""
    yield "an unknown key at the top", {UNKNOWN: 1}, ()
    seen = set()

    def new(word, general, path):
        own = path[:1] == ("services",) and len(path) - (word == "required") == 2
        key = (word, path if own else general)
        fresh = key not in seen
        seen.add(key)
        return fresh
    for path, general, value, schema in walk(root, root, values):
        name = ".".join(path)
        shapes = list(alternatives(root, schema))
        if isinstance(value, dict):
            if any("properties" in one for one in shapes) and new("unknown", general, path):
                yield f"an unknown key in {name}", at(path, {UNKNOWN: 1}), path
        elif new("type", general, path):
            wrong = next((one for one in WRONG if not accepts(root, schema, one)), WRONG)
            if wrong is WRONG:
                yield f"{name} of some wrong type", None, path
            else:
                yield f"wrong for {name}: {json.dumps(wrong)}", at(path, wrong), path
        for one in shapes:
            for required in one.get("required", []):
                if isinstance(value, dict) and required in value and new("required", (*general, required), (*path, required)):
                    yield f"nothing for {name}.{required}", at((*path, required), None), path
    yield from ((f"nothing for {required}", {required: None}, ()) for required in root.get("required", []))


def switch(path, value):
    """ci/values.yaml may turn on what has a default."""
    return path[-1] == "enabled" and value is True


def tests(root, chart, environment, given):
    """(what is wrong, layers over the files or None where there are none, files, whether the real helm is asked)."""
    seen = set()
    for what, layer, path in cases(root, chart.all_values(environment)):
        # of every service and every other part one unknown key, one lack and one wrong value of each type
        kind = (what.partition(" ")[0], what.rpartition(" ")[2] if "wrong" in what else "", *path[:2 if path[:1] == ("services",) else 1])
        yield what, layer if layer is None else [layer], chart.files(environment), kind not in seen
        seen.add(kind)
    own = [file for file in chart.files(environment) if file != chart.given]
    for path, value in leaves(given):
        if not switch(path, value):
            yield f"without {'.'.join(path)} of ci/values.yaml", [without(given, path)], own, True


def problems(session, chart, environment, given, only=""):
    """How many refusals were tried (those whose name has `only` in it), how many of them by helm, and which did not happen.

    The schema itself is asked about all; helm, of both versions, about the first of each kind."""
    root, tried, asked, found = read(chart.folder), 0, 0, []
    validator = jsonschema.Draft7Validator(root)
    listed = list(tests(root, chart, environment, given))
    for name in chart.all_values(environment).get("services", {}):
        if not any(what.startswith(f"nothing for services.{name}.") and what.count(".") == 2 for what, *_ in listed):
            found.append(f"the schema requires nothing of services.{name}")
    for what, layers, files, real in listed:
        if only not in what:
            continue
        tried += 1
        if layers is None:
            found.append(f"{what}: the schema takes any")
            continue
        if validator.is_valid(merged(chart.values, *(load(file.read_text()) for file in files), *layers)):
            found.append(f"the schema takes {what}")
        for version in session.commands if real else ():
            asked += 1
            run = session.template(version, chart.folder, files, *layers)
            if run.code == 0:
                found.append(f"helm {version} takes {what}")
            elif SCHEMA not in run.err:
                found.append(f"helm {version} refuses {what}, but not by the schema: {run.err.strip()[-300:]}")
    return tried, asked, found
