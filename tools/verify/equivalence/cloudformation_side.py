"""A CloudFormation template: resources with all functions in one spelling, its parameters and outputs."""

import json
import re
from collections import namedtuple

from equivalence.expressions import Json, mark
from equivalence.terraform_side import letters

Resource = namedtuple("Resource", "logical kind properties policies depends_on")


class CannotRead(Exception):
    """A function that is not understood."""


class Template:
    def __init__(self, document):
        self.parameters, self.outputs = document.get("Parameters", {}), document.get("Outputs", {})
        self.stacks = document.get("Stacks", {"needs": {}, "of": {}})
        self.conditions, self.problems, self.resources = document.get("Conditions", {}), [], {}
        for logical, body in document["Resources"].items():
            known = {"Type", "Properties", "DependsOn", "DeletionPolicy", "UpdateReplacePolicy", "Metadata"}
            self.problems += [f"{logical}: `{name}` is not compared" for name in sorted(set(body) - known)]
            depends_on = body.get("DependsOn", [])
            try:
                properties = self.value(body.get("Properties", {}))
            except CannotRead as error:
                self.problems.append(f"{logical}: cannot be read: {error}")
                continue
            policies = body.get("DeletionPolicy", "Delete"), body.get("UpdateReplacePolicy", "Delete")
            self.resources[logical] = Resource(logical, body["Type"], properties, policies, [depends_on] if isinstance(depends_on, str) else depends_on)

    def waits(self, logical, other):
        """Whether a resource is in a stack that is deployed after the one that another is in."""
        of = self.stacks["of"]
        return of.get(other) in self.stacks["needs"].get(of.get(logical), ())

    def reference(self, name):
        if name.startswith("AWS::"):
            return None if name == "AWS::NoValue" else mark(name)
        return mark(f"var:{letters(name)}") if name in self.parameters else mark(f"{name}#Ref")

    def value(self, it):
        if isinstance(it, list):
            return [one for one in map(self.value, it) if one is not None]
        if not isinstance(it, dict):
            return it
        if len(it) == 1:
            name, argument = next(iter(it.items()))
            if name == "Ref":
                return self.reference(argument)
            if name.startswith("Fn::"):
                return self.function(name.removeprefix("Fn::"), argument)
        worked = {key: self.value(one) for key, one in it.items()}
        return {key: one for key, one in worked.items() if one is not None}

    def function(self, name, argument):
        if name == "GetAtt":
            logical, attribute = argument if isinstance(argument, list) else argument.split(".", 1)
            return mark(f"{logical}#{attribute}")
        if name == "Sub" and isinstance(argument, str):
            return self.sub(argument)
        if name == "Base64":
            return f"base64({self.value(argument)})"
        if name == "Join":
            parts = self.value(argument[1])
            return f"join({argument[0]},{parts})" if isinstance(parts, str) else argument[0].join(parts)
        if name == "If":
            worked = [self.value(one) for one in argument[1:]]
            return {"if": self.condition(self.conditions[argument[0]]), "then": worked[0], "else": worked[1]}
        if name == "Select":
            return self.select(*argument)
        raise CannotRead(f"Fn::{name} of {json.dumps(argument)}")

    def select(self, index, of):
        if isinstance(of, dict) and of.get("Fn::GetAZs") in ("", {"Ref": "AWS::Region"}):
            return mark(f"zone:{index}")
        if isinstance(of, dict) and "Fn::GetAtt" in of and int(index) == 0:
            return self.value(of)
        if isinstance(of, dict) and "Fn::Cidr" in of:
            block, count, bits = of["Fn::Cidr"]
            if int(bits) == 64 and int(count) > int(index):  # the /64s of a VPC's /56
                return f"subnet({self.value(block)},8,{index})"
        raise CannotRead(f"Fn::Select {index} of {json.dumps(of)}")

    def condition(self, rule):
        if "Fn::Equals" in rule:
            return "==".join(map(str, map(self.value, rule["Fn::Equals"])))
        if "Fn::Not" in rule:
            return f"!({self.condition(rule['Fn::Not'][0])})"
        if "Condition" in rule:
            return self.condition(self.conditions[rule["Condition"]])
        raise CannotRead(f"condition {json.dumps(rule)}")

    def sub(self, text):
        def one(found):
            if found[1].startswith("!"):
                return "${" + found[1][1:] + "}"
            return mark(found[1].replace(".", "#", 1)) if "." in found[1] else self.reference(found[1])
        return re.sub(r"\$\{([^}]*)\}", one, text)


def document(value):
    """A JSON document that stands in a text."""
    return Json(json.loads(value)) if isinstance(value, str) else value
