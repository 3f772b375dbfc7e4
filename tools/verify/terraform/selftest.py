"""The checks of modules can fail: each of these modules is wrong in one way and is refused for it."""

import copy
import json
import tempfile
from pathlib import Path

from terraform import modules, renames
from terraform.session import Session

SAMPLE = Path(__file__).resolve().parent / "sample.tf.json"


def put(*path, value=None):
    """Sets a value of a module, or removes it."""
    def change(document):
        for key in path[:-1]:
            document = document[key]
        if value is None:
            document.pop(path[-1])
        else:
            document[path[-1]] = value
    return change


R = "resource"
BROKEN = {                                               # what: (change, the step that refuses it, what it says)
    "an unknown argument": (put(R, "aws_vpc", "network", "cidr_blok", value="10.0.0.0/16"), "validate", "Extraneous JSON object property"),
    "an unknown block": (put(R, "aws_lb_target_group", "api", "healthcheck", value={"path": "/"}), "validate", "Extraneous JSON object property"),
    "a missing argument": (put(R, "aws_ecs_service", "api", "name"), "validate", "Missing required argument"),
    "a missing argument of a block": (put(R, "aws_ecs_service", "api", "network_configuration", value={"assign_public_ip": False}), "validate", '"subnets" is required'),
    "a missing block": (put(R, "aws_lb_listener", "http", "default_action"), "validate", "default_action"),
    "a block twice that may be there once": (put(R, "aws_lb_target_group", "api", "health_check", value=[{"path": "/a"}, {"path": "/b"}]), "validate", "health_check"),
    "text for a number": (put(R, "aws_db_instance", "orders", "allocated_storage", value="plenty"), "validate", "a number is required"),
    "text for a set": (put(R, "aws_lb", "edge", "subnets", value="subnet-1"), "validate", "set of string required"),
    "a list for text": (put(R, "aws_vpc", "network", "cidr_block", value=["10.0.0.0/16"]), "validate", "string required"),
    "a reference of the wrong type": (put(R, "aws_lb", "edge", "subnets", value="${aws_vpc.network.id}"), "", "set of string required"),  # newer versions see it in `validate`
    "a type that does not exist": (put(R, "aws_vpcc", value={"x": {}}), "validate", "Invalid resource type"),
    "a reference to nothing": (put(R, "aws_security_group", "api", "vpc_id", value="${aws_vpc.other.id}"), "validate", "undeclared resource"),
    "a reference to an attribute that does not exist": (put(R, "aws_security_group", "api", "vpc_id", value="${aws_vpc.network.idd}"), "validate", "Unsupported attribute"),
    "an undeclared variable": (put(R, "aws_vpc", "network", "cidr_block", value="${var.cidr}"), "validate", "undeclared input variable"),
    "a key that is not there": (put(R, "aws_ecs_service", "api", "network_configuration", "subnets", value=['${aws_subnet.network_private["b"].id}']), "plan", "Invalid index"),
    "a zone that is not there": (put(R, "aws_subnet", "network_private", "for_each", "a", "zone", value=6), "plan", "Invalid index"),
    "a cycle": (put(R, "aws_vpc", "network", "tags", value={"x": "${aws_security_group.api.id}"}), "validate", "Cycle"),
    "a read-only argument": (put(R, "aws_vpc", "network", "arn", value="arn:aws:x"), "validate", "unconfigurable attribute"),
    "an unknown argument of the provider": (put("provider", "aws", value=[{"regionn": "x"}]), "validate", "Extraneous JSON object property"),
    "an unknown argument of a data source": (put("data", "aws_region", "current", "nope", value=1), "validate", "Extraneous JSON object property"),
    "an unknown argument of the backend": (put("terraform", "backend", "s3", "use_lock_file", value=True), "formatted", "no argument `use_lock_file`"),
    "an ephemeral value in an argument that is stored": (
        put(R, "aws_secretsmanager_secret_version", "keys", value={"secret_id": "x", "secret_string": "${ephemeral.aws_secretsmanager_random_password.keys.random_password}"}), "validate",
        "Invalid use of ephemeral value"),
    "a secret that an output shows": (put("output", "keys", value={"value": "${ephemeral.aws_secretsmanager_random_password.keys.random_password}"}), "validate", "phemeral"),
    "what is only worth a warning": (put(R, "aws_vpc", "network", "lifecycle", value={"ignore_changes": ["arn"]}), "validate", "warning: Redundant ignore_changes"),
    "an unmet precondition": (put(R, "aws_vpc", "network", "lifecycle", value={"precondition": [{"condition": '${var.image_tag == "none"}', "error_message": "not this image"}]}), "plan", "not this image"),
}


def laid(folder, document, name="main"):
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.tf.json").write_text(json.dumps(document))
    return folder


def run(report):
    sample = json.loads(SAMPLE.read_text())
    with Session() as session, tempfile.TemporaryDirectory() as place:
        done, planned = modules.judge(session, laid(Path(place) / "good", sample))
        for what, problems in done:
            report.check(f"the good sample module: {what}", problems)
        wanted = sum(len(found) for found in sample[R].values()) + 1     # one of them has two instances
        report.check("its plan has every resource", [] if len(planned) == wanted else [f"{len(planned)} instead of {wanted}"])
        for number, (what, (change, step, says)) in enumerate(BROKEN.items()):
            document = copy.deepcopy(sample)
            change(document)
            done, _ = modules.judge(session, laid(Path(place) / str(number), document))
            problems = done[-1][1]
            problems = [] if any(says in str(p) for p in problems) and step in done[-1][0] else [f"`{done[-1][0]}` said {problems or 'nothing'}"]
            report.check(f"{what} is refused", problems)
        example = laid(Path(place) / "style", sample)
        (example / "terraform.tfvars.example").write_text('image_tag   = "1"\n')
        report.check("variables that are not formatted are refused", [] if modules.formatting(session, example) else ["accepted"])
        report.check("a cycle of a graph is seen", [] if modules.cycles('"a" -> "b"; "b" -> "c"; "c" -> "a"; "c" -> "d"') == ["a", "b", "c", "a"] else ["not seen"])
        report.check("a graph without a cycle passes", [] if modules.cycles('"a" -> "b"; "b" -> "c"; "a" -> "c"') is None else ["refused"])
        renames.selftest(session, report, sample, Path(place))
