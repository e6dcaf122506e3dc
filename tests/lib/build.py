"""Runs Pulumi's program with mocks of AWS, and prints as JSON what it would make: build.py LIB CONFIGURATION

Runs in the environment of lib/, which has Pulumi. Pulumi's mocks stand in for AWS alone: they give each resource an id, and those of its
properties that only AWS can know, in angle brackets.
"""

import json
import runpy
import sys
from typing import Any

import pulumi

CONNECTION = "postgresql://chemtrack_master:per%25cent:and-more@/chemtrack"
MADE: list[dict[str, Any]] = []
OUTPUTS: dict[str, Any] = {}
# What AWS alone can say of a resource, by its type; every resource has an ARN.
ONLY_AWS_KNOWS = {
    "aws:ec2/eip:Eip": ["allocationId"],
    "aws:ecr/repository:Repository": ["repositoryUrl"],
    "aws:ecs/cluster:Cluster": [],
    "aws:lb/loadBalancer:LoadBalancer": ["dnsName", "arnSuffix"],
    "aws:lb/targetGroup:TargetGroup": ["arnSuffix"],
    "aws:rds/instance:Instance": ["address"],
}


class Aws(pulumi.runtime.Mocks):
    """Writes down each resource."""

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        known = {key: f"<{args.name}.{key}>" for key in ["arn", *ONLY_AWS_KNOWS.get(args.typ, [])]}
        made = {"type": args.typ, "name": args.name, "inputs": args.inputs, "provider": args.provider}
        MADE.append(made)
        return f"<{args.name}>", {**known, **args.inputs}

    def call(self, args: pulumi.runtime.MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        match args.token:
            case "aws:secretsmanager/getSecret:getSecret":
                return {"arn": f"<secret {args.args['name']}>"}, []
            case "aws:secretsmanager/getSecretVersion:getSecretVersion":
                return {"secretString": CONNECTION}, []
            case "aws:index/getCallerIdentity:getCallerIdentity":
                return {"accountId": "123456789012"}, []
        raise ValueError(f"The program asks AWS for {args.token}.")


def export(name: str, value: Any) -> None:
    """In place of pulumi.export, which writes to the engine."""
    pulumi.Output.from_input(value).apply(lambda known: OUTPUTS.__setitem__(name, known))


@pulumi.runtime.test  # type: ignore[untyped-decorator]
def build(lib: str, configuration: dict[str, str]) -> None:
    """Run the program."""
    pulumi.runtime.set_all_config({f"chemtrack:{name}": value for name, value in configuration.items()})
    sys.path.insert(0, lib)
    runpy.run_path(f"{lib}/__main__.py", run_name="__main__")


if __name__ == "__main__":
    pulumi.runtime.set_mocks(Aws(), project="chemtrack", stack="test", preview=False)
    pulumi.export = export
    build(sys.argv[1], json.loads(sys.argv[2]))
    json.dump({"made": MADE, "outputs": OUTPUTS}, sys.stdout)
