"""Resource handlers: how a resource of a template becomes calls of the AWS API.

As in CloudFormation itself, each handler calls the public API of its service, here the one that moto
serves in the same process. So the API's own checks apply, and whatever was made can be read back.
A type without a handler becomes a generic resource: it exists only as an entry of its stack, but its
properties and attributes are held to the registry schema all the same.
"""

import hashlib
import json
import re

from botocore.exceptions import BotoCoreError, ClientError

from . import registry

_HANDLERS = {}


class Made:
    """A resource that exists: its physical id (what Ref gives) and what GetAtt gives."""

    def __init__(self, id, **attributes):
        self.id, self.attributes, self.properties = str(id), attributes, {}


class Context:
    def __init__(self, cloud, stack, logical, kind, generation=0):
        self.cloud, self.stack, self.logical, self.kind, self.generation = cloud, stack, logical, kind, generation
        self.region, self.account = cloud.region, cloud.account

    def next(self):
        """For the resource that replaces this one: it needs another name."""
        return Context(self.cloud, self.stack, self.logical, self.kind, self.cloud.count())

    def api(self, service):
        return self.cloud.clients(service)

    def name(self, limit=64, lower=False):
        """The name that CloudFormation makes up: stack, logical id, and a suffix."""
        suffix = hashlib.sha256(f"{self.stack.id}{self.logical}{self.generation}".encode()).hexdigest()[:12].upper()
        name = f"{f'{self.stack.name}-{self.logical}'[:limit - 13].rstrip('-')}-{suffix}"
        return name.lower() if lower else name


def handles(kind):
    def register(cls):
        cls.kind = kind
        _HANDLERS[kind] = cls()
        return cls
    return register


DYNAMIC = re.compile(r"\{\{resolve:secretsmanager:(arn:[^{}]+?):SecretString:([^:{}]+)\}\}")


def dynamic(context, value):
    """A value with what it says to read from Secrets Manager."""
    def read(found):
        secret = json.loads(context.api("secretsmanager").get_secret_value(SecretId=found[1])["SecretString"])
        if found[2] not in secret:
            raise ValueError(f"Could not find a value associated with JSONKey in SecretString: {found[2]}")
        return secret[found[2]]
    return DYNAMIC.sub(read, value)


def handler(kind):
    if kind not in _HANDLERS:
        registry.schema(kind)
        _HANDLERS[kind] = type("Generic", (Generic,), {"kind": kind})()
    return _HANDLERS[kind]


class Handler:
    kind = ""

    def create(self, context, properties):
        raise NotImplementedError

    def update(self, context, made, old, new):
        """By default only the stack's own record changes."""
        return Made(made.id, **made.attributes)

    def delete(self, context, made, properties):
        pass


class Generic(Handler):
    def create(self, context, properties):
        ids = sorted(registry.paths(self.kind, "primaryIdentifier"))
        given = [registry.dig(properties, i.split(".")) for i in ids]
        physical = "|".join(str(g or registry.made_up(self.kind, context.name(), i, properties, context.region, context.account)) for g, i in zip(given, ids))
        physical = physical or context.name()
        taken = context.cloud.generic
        if (self.kind, physical) in taken:
            raise ValueError(f"{physical} already exists in stack {taken[self.kind, physical]}")
        taken[self.kind, physical] = context.stack.id
        return Made(physical)

    def delete(self, context, made, properties):
        context.cloud.generic.pop((self.kind, made.id), None)


def reason(error, kind):
    """The text of a failed event, as a resource handler of AWS words it."""
    if isinstance(error, ClientError):
        details, service = error.response["Error"], kind.split("::")[1]
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 400)
        return f'Resource handler returned message: "{details["Message"]} (Service: {service}, Status Code: {status}, Error Code: {details["Code"]})" (HandlerErrorCode: {_code(details["Code"])})'
    if isinstance(error, BotoCoreError):
        return f'Resource handler returned message: "{error}" (HandlerErrorCode: InvalidRequest)'
    if isinstance(error, ValueError):
        return f'Resource handler returned message: "{error}" (HandlerErrorCode: AlreadyExists)'
    return f'Resource handler returned message: "{type(error).__name__}: {error}" (HandlerErrorCode: InternalFailure)'


def _code(code):
    if "AlreadyExist" in code or "Duplicate" in code or "AlreadyOwned" in code:
        return "AlreadyExists"
    return "NotFound" if "NotFound" in code or "NoSuch" in code else "InvalidRequest"


def camel(value):
    """Property names as the APIs that begin them with a small letter want them."""
    if isinstance(value, list):
        return [camel(v) for v in value]
    if isinstance(value, dict):
        return {k[:1].lower() + k[1:]: camel(v) for k, v in value.items()}
    return value


def pick(properties, *names, **renamed):
    """Some of the properties, under their own or the API's names; numbers and truths stay as they are."""
    found = {name: properties[name] for name in names if name in properties}
    return found | {new: properties[old] for new, old in renamed.items() if old in properties}


def ints(values, *names):
    """CloudFormation takes numbers as text too; the APIs do not."""
    return {k: int(v) if k in names and v is not None else v for k, v in values.items()}


def pairs(tags):
    """Tags for those APIs that take them as a map."""
    return {t["Key"]: t["Value"] for t in tags or []}


def changed(old, new, *names):
    return any(old.get(n) != new.get(n) for n in names)


from . import application, data, edge, kubernetes, messages, network, operations, services  # noqa: E402,F401  (they register their handlers)
