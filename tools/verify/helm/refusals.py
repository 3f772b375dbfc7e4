"""Values that a chart's schema has to refuse, made out of values that it accepts."""

import copy
import json

import jsonschema

UNKNOWN = "archgenVerifyUnknown"
WRONG = ([], "text", 7.5, True, -1, {})
SCHEMA = ("values don't meet the specifications of the schema", "at '")   # both versions, and no other error


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
    if not combined and not {"type", "enum", "const"} & set(schema):
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
    for number, one in enumerate(combined):
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
    """(what is wrong, values to lay over): every service in its own right, else one of every kind of place."""
    yield "an unknown key at the top", {UNKNOWN: 1}
    seen = set()

    def new(word, general, path):
        key = (word, general if len(path) != 2 or path[0] != "services" else path)
        fresh = key not in seen
        seen.add(key)
        return fresh
    for path, general, value, schema in walk(root, root, values):
        name = ".".join(path)
        shapes = list(alternatives(root, schema))
        if isinstance(value, dict):
            if any("properties" in one for one in shapes) and new("unknown", general, path):
                yield f"an unknown key in {name}", at(path, {UNKNOWN: 1})
        elif new("type", general, path):
            wrong = next((one for one in WRONG if not accepts(root, schema, one)), WRONG)
            if wrong is WRONG:
                yield f"{name} of some wrong type", None
            else:
                yield f"{name}: {json.dumps(wrong)}", at(path, wrong)
        for one in shapes:
            for required in one.get("required", []):
                if isinstance(value, dict) and required in value and new("required", (*general, required), (*path, required)):
                    yield f"{name} without {required}", at((*path, required), None)
    yield from ((f"no {required}", {required: None}) for required in root.get("required", []))


def problems(session, chart, environment, given):
    """Refusals that did not happen; how many did, is counted in `tried`."""
    root, tried, found = read(chart.folder), 0, []
    values = chart.all_values(environment)
    tests = [(what, [layer], chart.files(environment)) if layer is not None else (what, None, None) for what, layer in cases(root, values)]
    own = [file for file in chart.files(environment) if file != chart.given]
    tests += [(f"without {'.'.join(path)} of ci/values.yaml", [without(given, path)], own) for path, _ in leaves(given)]
    for what, layers, files in tests:
        if layers is None:
            found.append(f"{what}: the schema takes any")
            continue
        for version in session.commands:
            tried += 1
            run = session.template(version, chart.folder, files, *layers)
            if run.code == 0:
                found.append(f"helm {version} takes {what}")
            elif "schema" not in run.err:
                found.append(f"helm {version} refuses {what}, but not by the schema: {run.err.strip()[-300:]}")
    return tried, found
