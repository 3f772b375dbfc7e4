#!/usr/bin/env python3
"""A local AWS API on the loopback interface, for deploying CloudFormation templates without AWS.

    local_aws.py PORT [--delay SECONDS]        PORT 0 takes a free one; it is printed when the server listens

moto serves the API of the services; CloudFormation itself is the engine in `cloud/`.
"""

import argparse
import functools
import logging
import os
import sys
import warnings
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
HOST = "127.0.0.1"
# not credentials: moto takes any, and only this machine is ever called
NOBODY = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_SESSION_TOKEN": "testing", "AWS_EC2_METADATA_DISABLED": "true"}
os.environ.update(NOBODY)
os.environ.pop("AWS_PROFILE", None)
os.environ.setdefault("MOTO_IAM_LOAD_MANAGED_POLICIES", "true")
os.environ.setdefault("MOTO_ECS_NEW_ARN", "true")


def clients(url):
    """API clients of this server, one of a kind: `clients(url)(region)(service)`."""
    import boto3
    from botocore.config import Config
    config = Config(retries={"max_attempts": 1}, s3={"addressing_style": "path"}, request_checksum_calculation="when_required", response_checksum_validation="when_required")

    @functools.cache
    def of_region(region):
        return functools.cache(lambda service: boto3.client(service, region_name=region, endpoint_url=url, config=config))
    return of_region


def start(port=0, delay=0.0):
    """Start the server in threads of this process; its URL."""
    warnings.simplefilter("ignore")
    for name in ("werkzeug", "moto", "botocore"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    from moto.server import ThreadedMotoServer
    server = ThreadedMotoServer(ip_address=HOST, port=port, verbose=False)
    server.start()
    url = f"http://{HOST}:{server.get_host_and_port()[1]}"
    from cloud import api
    api.install(clients(url), delay)
    _quotas()
    return url


def _quotas():
    """An account may have five VPCs and five addresses in a region, unless AWS raises that."""
    from moto.ec2.exceptions import EC2ClientError
    from moto.ec2.models import EC2Backend

    def limited(method, existing, code, message):
        make = getattr(EC2Backend, method)

        @functools.wraps(make)
        def within_quota(self, *arguments, **named):
            if len(existing(self)) >= 5:
                raise EC2ClientError(code, message)
            return make(self, *arguments, **named)
        setattr(EC2Backend, method, within_quota)

    limited("create_vpc", lambda ec2: ec2.vpcs, "VpcLimitExceeded", "The maximum number of VPCs has been reached.")
    limited("allocate_address", lambda ec2: ec2.addresses, "AddressLimitExceeded", "The maximum number of addresses has been reached.")


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("port", type=int)
    arguments.add_argument("--delay", type=float, default=0.0, help="seconds that every resource takes")
    options = arguments.parse_args()
    print(start(options.port, options.delay), flush=True)
    import threading
    threading.Event().wait()


if __name__ == "__main__":
    main()
