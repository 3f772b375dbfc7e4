"""Rendered manifests against the schemas of Kubernetes and of custom resources, strictly: an unknown key is an error."""

import copy
import json
from functools import cache
from pathlib import Path

import jsonschema
import kubernetes_validate

CRDS = Path(__file__).resolve().parent / "crds"
VERSION = "1.32"


def named(document):
    return f"{document.get('kind')}/{(document.get('metadata') or {}).get('name')}"


def closed(schema):
    """Forbids unknown keys wherever a schema lists keys and does not say that it keeps others."""
    if isinstance(schema, dict):
        if "properties" in schema and "additionalProperties" not in schema and not schema.get("x-kubernetes-preserve-unknown-fields"):
            schema["additionalProperties"] = False
        for key, value in schema.items():
            if key in ("properties", "patternProperties"):
                for one in value.values():
                    closed(one)
            elif key in ("items", "additionalProperties"):
                closed(value)
            elif key in ("allOf", "anyOf", "oneOf"):
                for one in value:
                    for inner in [*(one.get("properties") or {}).values()]:
                        closed(inner)
    return schema


@cache
def custom(group, version, kind):
    path = CRDS / group / f"{kind.lower()}_{version}.json"
    if not path.exists():
        return None
    schema = json.loads(path.read_text())
    for part in ("spec", "status"):
        closed(schema.get("properties", {}).get(part, {}))
    # what the API server adds to every definition
    schema["properties"]["metadata"] = {"type": "object", "required": ["name"], "properties": {
        "name": {"type": "string", "maxLength": 253, "pattern": r"^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$"}, "namespace": {"type": "string"},
        "labels": {"type": "object", "additionalProperties": {"type": "string"}}, "annotations": {"type": "object", "additionalProperties": {"type": "string"}}}, "additionalProperties": False}
    schema["additionalProperties"] = False
    return jsonschema.Draft7Validator(schema)


def problems_of(document):
    """What one document's schema has to say."""
    if not isinstance(document, dict) or not isinstance(document.get("metadata"), dict) or not document["metadata"].get("name"):
        return ["it has no metadata.name"]
    group, _, version = str(document.get("apiVersion")).rpartition("/")
    kind = str(document.get("kind"))
    if "." not in group or group.endswith(".k8s.io"):
        try:
            kubernetes_validate.validate(copy.deepcopy(document), VERSION, strict=True)
        except kubernetes_validate.ValidationError as error:
            return [f"{'.'.join(map(str, error.path))}: {error.message[:300]}"]
        except kubernetes_validate.SchemaNotFoundError:
            return [f"Kubernetes {VERSION} has no {kind} in {document.get('apiVersion')}"]
        return []
    validator = custom(group, version, kind)
    if validator is None:
        return [f"no schema for {kind} in {document.get('apiVersion')}"]
    return [f"{'.'.join(map(str, error.path))}: {error.message[:300]}" for error in validator.iter_errors(document)]


def problems(documents):
    for document in documents:
        yield from (f"{named(document)}: {problem}" for problem in problems_of(document))
    seen = [(d.get("apiVersion"), d.get("kind"), d["metadata"].get("namespace"), d["metadata"].get("name")) for d in documents if isinstance(d.get("metadata"), dict)]
    yield from (f"{kind}/{name} is there twice" for _, kind, _, name in sorted({key for key in seen if seen.count(key) > 1}, key=str))
