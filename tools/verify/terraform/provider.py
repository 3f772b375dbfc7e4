"""A provider that is nothing but its schema: Terraform's own checks, plans and state work, nothing is made anywhere.

It speaks version 6 of the plugin protocol and is attached by TF_REATTACH_PROVIDERS, so nothing is installed or downloaded.
https://developer.hashicorp.com/terraform/plugin/terraform-plugin-protocol
"""

import gzip
import json
import os
from concurrent import futures
from pathlib import Path

import grpc
import msgpack
from tf.gen import tfplugin_pb2 as pb
from tf.gen import tfplugin_pb2_grpc as rpc

from terraform import replacement, values

SCHEMA = Path(__file__).resolve().parent / "aws-6.62.0.schema.json.gz"
NESTING = {"single": 1, "list": 2, "set": 3, "map": 4, "group": 5}


def load(path=SCHEMA):
    return json.loads(gzip.decompress(Path(path).read_bytes()))


def pack(value):
    return pb.DynamicValue(msgpack=msgpack.packb(value, use_bin_type=True))


def unpack(sent):
    if sent.msgpack:
        return msgpack.unpackb(sent.msgpack, raw=False, strict_map_key=False)
    return json.loads(sent.json) if sent.json else None


def _field(number, payload):
    """A length-delimited protobuf field, for messages newer than the stubs."""
    length, size = b"", len(payload)
    while size > 0x7F:
        length, size = length + bytes([size & 0x7F | 0x80]), size >> 7
    return bytes([number << 3 | 2]) + length + bytes([size]) + payload


def _attribute(name, it):
    message = pb.Schema.Attribute(name=name, type=json.dumps(it["type"]).encode(), **{flag: it.get(flag, False) for flag in ("required", "optional", "computed", "sensitive")})
    if it.get("write_only"):
        message.MergeFromString(b"\x58\x01")             # field 11, newer than the stubs
    return message


def _block(block):
    nested = [pb.Schema.NestedBlock(type_name=name, nesting=NESTING[it["nesting_mode"]], block=_block(it["block"]), min_items=it.get("min_items", 0), max_items=it.get("max_items", 0))
              for name, it in block.get("block_types", {}).items()]
    return pb.Schema.Block(attributes=[_attribute(*it) for it in block.get("attributes", {}).items()], block_types=nested)


def _schema(it):
    return pb.Schema(version=it.get("version", 0), block=_block(it["block"]))


def read_only(value, block, path=()):
    """Read-only arguments that are set: the one check that every provider makes by itself."""
    for name, attribute in block.get("attributes", {}).items():
        if value.get(name) is not None and attribute.get("computed") and not (attribute.get("optional") or attribute.get("required")):
            steps = [pb.AttributePath.Step(attribute_name=p) if isinstance(p, str) else pb.AttributePath.Step(element_key_int=p) for p in (*path, name)]
            yield pb.Diagnostic(severity=pb.Diagnostic.ERROR, summary="Value for unconfigurable attribute",
                                detail=f'Can\'t configure a value for "{name}": its value will be decided automatically.', attribute=pb.AttributePath(steps=steps))
    for name, nested in block.get("block_types", {}).items():
        found = value.get(name)
        for index, one in enumerate(found if isinstance(found, list) else [found]):
            if isinstance(one, dict) and nested["nesting_mode"] != "map":
                yield from read_only(one, nested["block"], (*path, name, index) if nested["nesting_mode"] == "list" else (*path, name))


class Provider(rpc.ProviderServicer):
    def __init__(self, document):
        self.provider = document.get("provider") or {"block": {}}
        self.resources, self.data, self.ephemeral = document["resource_schemas"], document["data_source_schemas"], document["ephemeral_resource_schemas"]
        agent = {"block": {"attributes": {"user_agent": {"type": ["list", "string"], "optional": True}}}}
        self.answer = pb.GetProviderSchema.Response(provider=_schema(self.provider), provider_meta=_schema(agent), resource_schemas={n: _schema(s) for n, s in self.resources.items()},
                                                    data_source_schemas={n: _schema(s) for n, s in self.data.items()})
        for name, it in self.ephemeral.items():          # field 8: a map of schemas
            self.answer.MergeFromString(_field(8, _field(1, name.encode()) + _field(2, _schema(it).SerializeToString())))

    def GetMetadata(self, request, context):
        context.abort(grpc.StatusCode.UNIMPLEMENTED, "the whole schema is cheap")

    def GetProviderSchema(self, request, context):
        return self.answer

    def ValidateProviderConfig(self, request, context):
        return pb.ValidateProviderConfig.Response()

    def ConfigureProvider(self, request, context):
        return pb.ConfigureProvider.Response()

    def GetFunctions(self, request, context):
        return pb.GetFunctions.Response()

    def StopProvider(self, request, context):
        return pb.StopProvider.Response()

    def ValidateResourceConfig(self, request, context):
        return pb.ValidateResourceConfig.Response(diagnostics=read_only(unpack(request.config), self.resources[request.type_name]["block"]))

    def ValidateDataResourceConfig(self, request, context):
        return pb.ValidateDataResourceConfig.Response(diagnostics=read_only(unpack(request.config), self.data[request.type_name]["block"]))

    def UpgradeResourceState(self, request, context):
        block = self.resources[request.type_name]["block"]
        state = values.empty(block) | json.loads(request.raw_state.json)
        # as JSON, like the state: there blocks of no one type say what type they are of
        return pb.UpgradeResourceState.Response(upgraded_state=pb.DynamicValue(json=json.dumps(state).encode()))

    def ReadResource(self, request, context):
        return pb.ReadResource.Response(new_state=request.current_state)

    def PlanResourceChange(self, request, context):
        new, old, block = unpack(request.proposed_new_state), unpack(request.prior_state), self.resources[request.type_name]["block"]
        if new is None:
            return pb.PlanResourceChange.Response(planned_state=pack(new), planned_private=request.prior_private)
        reasons = replacement.replaces(request.type_name, old, new) if old is not None else []
        if reasons:                                      # a replacement is a new object: what is computed is unknown again
            new = {name: None if not self._settable(block, name) else value for name, value in new.items()}
        new = values.planned(new, block, old is None or bool(reasons))
        paths = [pb.AttributePath(steps=[pb.AttributePath.Step(attribute_name=name)]) for name in reasons]
        return pb.PlanResourceChange.Response(planned_state=pack(new), requires_replace=paths, planned_private=request.prior_private)

    @staticmethod
    def _settable(block, name):
        attribute = block.get("attributes", {}).get(name)
        return attribute is None or attribute.get("optional") or attribute.get("required")

    def ApplyResourceChange(self, request, context):
        value = unpack(request.planned_state)
        if value is not None:
            seed = request.type_name + json.dumps(unpack(request.config), sort_keys=True, default=str)
            value = values.settled(value, self.resources[request.type_name]["block"], request.type_name, seed)
        return pb.ApplyResourceChange.Response(new_state=pack(value), private=request.planned_private)

    def ImportResourceState(self, request, context):
        value = values.empty(self.resources[request.type_name]["block"]) | {"id": request.id}
        found = pb.ImportResourceState.ImportedResource(type_name=request.type_name, state=pack(value))
        return pb.ImportResourceState.Response(imported_resources=[found])

    def _answer(self, kind, schemas, asked):
        block = schemas[kind]["block"]
        asked = asked | {name: value for name, value in values.ANSWERS.get(kind, lambda _: {})(asked).items() if name in block["attributes"]}
        return values.settled(values.planned(asked, block, True), block, kind, kind + json.dumps(asked, sort_keys=True, default=str))

    def ReadDataSource(self, request, context):
        return pb.ReadDataSource.Response(state=pack(self._answer(request.type_name, self.data, unpack(request.config))))

    # Ephemeral resources are newer than the stubs. Their messages have the fields of those for data sources, but
    # that an opened one's value is field 3 of the answer.
    def _validate_ephemeral(self, request, context):
        return pb.ValidateDataResourceConfig.Response(diagnostics=read_only(unpack(request.config), self.ephemeral[request.type_name]["block"])).SerializeToString()

    def _open_ephemeral(self, request, context):
        return _field(3, pack(self._answer(request.type_name, self.ephemeral, unpack(request.config))).SerializeToString())

    def newer(self):
        def handler(method):
            return grpc.unary_unary_rpc_method_handler(method, request_deserializer=pb.ValidateDataResourceConfig.Request.FromString, response_serializer=bytes)
        nothing = grpc.unary_unary_rpc_method_handler(lambda request, context: b"", request_deserializer=bytes, response_serializer=bytes)
        return grpc.method_handlers_generic_handler("tfplugin6.Provider", {
            "ValidateEphemeralResourceConfig": handler(self._validate_ephemeral), "OpenEphemeralResource": handler(self._open_ephemeral),
            "RenewEphemeralResource": nothing, "CloseEphemeralResource": nothing})


def serve(document, name="hashicorp/aws"):
    """Starts the provider; the server, and what TF_REATTACH_PROVIDERS has to say."""
    provider = Provider(document)
    server = grpc.server(futures.ThreadPoolExecutor(8), options=[("grpc.max_send_message_length", -1), ("grpc.max_receive_message_length", -1)])
    server.add_generic_rpc_handlers((provider.newer(),))
    rpc.add_ProviderServicer_to_server(provider, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    attached = {name: {"Protocol": "grpc", "ProtocolVersion": 6, "Pid": os.getpid(), "Test": True, "Addr": {"Network": "tcp", "String": f"127.0.0.1:{port}"}}}
    return server, json.dumps(attached)
