"""CloudFormation templates: reading, parameters, conditions, references and intrinsic functions."""

import base64
import copy
import json
import re

import yaml

PSEUDO = ("AWS::AccountId", "AWS::NotificationARNs", "AWS::NoValue", "AWS::Partition",
          "AWS::Region", "AWS::StackId", "AWS::StackName", "AWS::URLSuffix")
SUB = re.compile(r"\$\{(!?)([^{}]+)\}")


class TemplateError(Exception):
    """The template, or a parameter given for it, is wrong. AWS calls this a ValidationError."""


class NoValue:
    """What `Ref: AWS::NoValue` stands for: the property that holds it is left out."""


class _Loader(yaml.SafeLoader):
    pass


def _short_form(loader, suffix, node):
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {suffix if suffix in ("Ref", "Condition") else "Fn::" + suffix: value}


_Loader.add_multi_constructor("!", _short_form)
# a policy's `Version: 2012-10-17` is text, not a date
_Loader.add_constructor("tag:yaml.org,2002:timestamp", lambda loader, node: loader.construct_scalar(node))


def load(text):
    """Read JSON or YAML, with the short forms of the intrinsic functions."""
    try:
        if text.lstrip().startswith("{"):
            document = json.loads(text)
        else:
            document = yaml.load(text, Loader=_Loader)
    except (ValueError, yaml.YAMLError) as error:
        raise TemplateError(f"Template format error: {error}") from None
    if not isinstance(document, dict) or not isinstance(document.get("Resources"), dict) or not document["Resources"]:
        raise TemplateError("Template format error: At least one Resources member must be defined.")
    for name, resource in document["Resources"].items():
        if not isinstance(resource, dict) or not isinstance(resource.get("Type"), str):
            raise TemplateError(f"Template format error: [/Resources/{name}] Every Resources object must contain a Type member.")
    return document


def sub_parts(value):
    """The text and the local names of a Fn::Sub."""
    return (value[0], value[1]) if isinstance(value, list) else (value, {})


def references(value):
    """Every (name, attribute) that a piece of a template refers to; a Ref has no attribute."""
    if isinstance(value, list):
        for item in value:
            yield from references(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key == "Ref" and isinstance(item, str):
                yield item, None
            elif key == "Fn::GetAtt":
                name, attribute = item.split(".", 1) if isinstance(item, str) else (item[0], item[1])
                yield name, attribute
                yield from references(attribute)
            elif key == "Fn::Sub":
                text, local = sub_parts(item)
                yield from references(local)
                for literal, name in SUB.findall(text):
                    if not literal and name not in local:
                        yield tuple(name.split(".", 1)) if "." in name and "::" not in name else (name, None)
            else:
                yield from references(item)


def conditions_of(value):
    """Names of the conditions that decide between parts of a value."""
    if isinstance(value, list):
        for item in value:
            yield from conditions_of(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key == "Fn::If":
                yield item[0]
            yield from conditions_of(item)


def depends_on(resource):
    names = resource.get("DependsOn", [])
    return [names] if isinstance(names, str) else list(names)


def order(template, live):
    """The live resources so that each comes after what it needs."""
    resources, done, path = template["Resources"], [], []

    def visit(name):
        if name in done:
            return
        if name in path:
            raise TemplateError(f"Circular dependency between resources: [{', '.join(path[path.index(name):])}]")
        path.append(name)
        resource = resources[name]
        for other in [*depends_on(resource), *(n for n, _ in references(resource.get("Properties", {})))]:
            if other in live and other != name:
                visit(other)
        path.pop()
        done.append(name)

    for name in sorted(live):
        visit(name)
    return done


def check_references(template):
    resources, known = template["Resources"], {*template.get("Parameters", {}), *template["Resources"], *PSEUDO}

    def missing(value):
        return sorted({name for name, _ in references(value) if name not in known})

    for name, resource in resources.items():
        wrong = missing(resource.get("Properties", {})) + [d for d in depends_on(resource) if d not in resources]
        if wrong:
            raise TemplateError(f"Template format error: Unresolved resource dependencies [{', '.join(wrong)}] in the Resources block of the template")
    for output in (template.get("Outputs") or {}).values():
        if wrong := missing(output):
            raise TemplateError(f"Template format error: Unresolved resource dependencies [{', '.join(wrong)}] in the Outputs block of the template")


def parameter_values(template, given, stored):
    """Texts of all parameters. `given` maps to a text, or to None for the value of the last deployment."""
    slots, texts = template.get("Parameters", {}), {}
    if extra := sorted(set(given) - set(slots)):
        raise TemplateError(f"Parameters: [{', '.join(extra)}] do not exist in the template")
    for name, slot in slots.items():
        text = given.get(name)
        if text is None and name in given:
            text = stored.get(name)
        if text is None:
            text = slot.get("Default")
        texts[name] = None if text is None else str(text)
    if missing := [name for name, text in texts.items() if text is None]:
        raise TemplateError(f"Parameters: [{', '.join(missing)}] must have values")
    for name, text in texts.items():
        _check_parameter(name, slots[name], text)
    return texts


def _check_parameter(name, slot, text):
    def refuse(constraint):
        raise TemplateError(slot.get("ConstraintDescription") and f"Parameter {name} failed to satisfy constraint: {slot['ConstraintDescription']}"
                            or f"Parameter '{name}' must {constraint}")

    if "AllowedValues" in slot and text not in [str(v) for v in slot["AllowedValues"]]:
        refuse("be one of AllowedValues")
    if "AllowedPattern" in slot and not re.fullmatch(slot["AllowedPattern"], text):
        refuse(f"match pattern {slot['AllowedPattern']}")
    if len(text) < int(slot.get("MinLength", 0)) or len(text) > int(slot.get("MaxLength", 4096)):
        refuse("have a length within its limits")
    if slot["Type"] == "Number":
        try:
            number = float(text)
        except ValueError:
            refuse("be a number")
        if number < float(slot.get("MinValue", number)) or number > float(slot.get("MaxValue", number)):
            refuse("be within its limits")


class Scope:
    """What names mean while a template is evaluated.

    `resource(name, attribute)` gives the value of a Ref (attribute None) or a GetAtt; without it
    references to resources stay as they are, which is how two templates are compared.
    """

    def __init__(self, template, texts, pseudo, fetch_ssm, zones, imports, resource=None):
        self.template, self.texts, self.pseudo = template, texts, pseudo
        self.zones, self.imports, self.resource = zones, imports, resource
        self.parameters = {}
        for name, slot in template.get("Parameters", {}).items():
            text, kind = texts[name], slot["Type"]
            if kind.startswith("AWS::SSM::Parameter::Value"):
                text, kind = fetch_ssm(text), kind.removeprefix("AWS::SSM::Parameter::Value<").removesuffix(">")
            listed = kind == "CommaDelimitedList" or kind.startswith("List<")
            self.parameters[name] = [part.strip() for part in text.split(",")] if listed else text
        self._conditions = {}

    def bound(self, resource):
        other = copy.copy(self)
        other.resource = resource
        return other

    def condition(self, name):
        if name not in self._conditions:
            table = self.template.get("Conditions", {})
            if name not in table:
                raise TemplateError(f"Template format error: Unresolved condition dependency {name}")
            self._conditions[name] = self._truth(table[name])
        return self._conditions[name]

    def _truth(self, rule):
        [(function, value)] = rule.items()
        if function == "Condition":
            return self.condition(value)
        if function == "Fn::Equals":
            left, right = (self.value(v) for v in value)
            return str(left) == str(right) if not isinstance(left, list) else left == right
        if function == "Fn::Not":
            return not self._truth(value[0])
        if function in ("Fn::And", "Fn::Or"):
            return (all if function == "Fn::And" else any)([self._truth(v) for v in value])
        raise TemplateError(f"Template format error: {function} is not a condition function")

    def live(self):
        return {name for name, r in self.template["Resources"].items() if "Condition" not in r or self.condition(r["Condition"])}

    def ref(self, name):
        if name == "AWS::NoValue":
            return NoValue
        if name in self.pseudo:
            return self.pseudo[name]
        if name in self.parameters:
            return self.parameters[name]
        return {"Ref": name} if self.resource is None else self.resource(name, None)

    def attribute(self, name, attribute):
        return {"Fn::GetAtt": [name, attribute]} if self.resource is None else self.resource(name, attribute)

    def value(self, value):
        """Evaluate; NoValue members are dropped."""
        if isinstance(value, list):
            return [v for v in (self.value(item) for item in value) if v is not NoValue]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            [(function, argument)] = value.items()
            if function == "Ref":
                return self.ref(argument)
            if function.startswith("Fn::"):
                return self._call(function[4:], argument)
        return {k: v for k, v in ((key, self.value(item)) for key, item in value.items()) if v is not NoValue}

    def _call(self, function, argument):
        if function == "If":
            return self.value(argument[1] if self.condition(argument[0]) else argument[2])
        if function == "GetAtt":
            name, attribute = argument.split(".", 1) if isinstance(argument, str) else argument
            return self.attribute(name, self.value(attribute))
        if function == "Sub":
            return self._sub(*sub_parts(argument))
        argument = self.value(argument)
        if _unknown(argument):
            return {"Fn::" + function: argument}
        if function == "Join":
            return argument[0].join(str(part) for part in argument[1])
        if function == "Split":
            return argument[1].split(argument[0])
        if function == "Select":
            index = int(argument[0])
            if not 0 <= index < len(argument[1]):
                raise TemplateError(f"Template error: Fn::Select cannot select nonexistent value at index {index}")
            return argument[1][index]
        if function == "GetAZs":
            return self.zones(argument or self.pseudo["AWS::Region"])
        if function == "FindInMap":
            try:
                return self.template["Mappings"][argument[0]][argument[1]][argument[2]]
            except KeyError:
                raise TemplateError(f"Template error: Unable to get mapping for {'::'.join(map(str, argument[:3]))}") from None
        if function == "Base64":
            return base64.b64encode(argument.encode()).decode()
        if function == "ImportValue":
            return self.imports(argument)
        if function == "Cidr":
            return _cidr(*argument)
        if function == "ToJsonString":
            return json.dumps(argument)
        if function == "Length":
            return len(argument)
        raise TemplateError(f"Template format error: unknown function Fn::{function}")

    def _sub(self, text, local):
        local = {name: self.value(value) for name, value in local.items()}
        open_ends = []

        def replace(match):
            literal, name = match.groups()
            if literal:
                return "${" + name + "}"
            if name in local:
                value = local[name]
            elif "." in name and "::" not in name:
                value = self.attribute(*name.split(".", 1))
            else:
                value = self.ref(name)
            if _unknown(value):
                open_ends.append(value)
                return json.dumps(value, sort_keys=True)
            return str(value)

        done = SUB.sub(replace, text)
        return {"Fn::Sub": done} if open_ends else done


def _unknown(value):
    """Does it still hold a reference to a resource?"""
    if isinstance(value, list):
        return any(_unknown(v) for v in value)
    if isinstance(value, dict):
        return any(k == "Ref" or k.startswith("Fn::") or _unknown(v) for k, v in value.items())
    return False


def _cidr(block, count, bits=None):
    import ipaddress
    network = ipaddress.ip_network(block)
    width = int(bits) if bits is not None else 8
    subnets = network.subnets(new_prefix=network.max_prefixlen - width)
    return [str(next(subnets)) for _ in range(int(count))]
