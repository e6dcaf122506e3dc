"""An AWS account on moto. moto's CloudFormation lacks secrets, namespaces and more, so the stacks platform and database are
stubs with the exports of the real ones; registries, sql, API and pages are made from the real templates.
"""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.cloudformation import models as moto_cloudformation
from moto.cloudformation.responses import CloudFormationResponse

from tests.aws.templates import load
from tests.conftest import ROOT

REGION = "eu-central-1"  # another region than that of the other tests on the same server
ENVIRONMENT = "tests"
NOT_FOUND = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}


def mend_change_sets(patch: pytest.MonkeyPatch) -> None:
    """Let stacks that a change set makes import and export. moto forgets both, and `aws cloudformation deploy` needs them."""

    def apply(self: Any) -> None:
        stack = self.stack
        exports = moto_cloudformation.cloudformation_backends[stack.account_id][stack.region_name].exports
        stack.cross_stack_resources = stack.resource_map.cross_stack_resources = exports
        if self.change_set_type == "CREATE":
            stack.resource_map._template = self.template_dict
            stack.resource_map._resource_json_map = self.template_dict["Resources"]
            stack.resource_map.input_parameters = self.parameters
            stack.resource_map.load()
            stack.resource_map.create(self.template_dict)
        else:
            stack.resource_map.update(self.template_dict, self.parameters)
        stack.template, stack.template_dict, stack.parameters = self.template, self.template_dict, self.parameters
        stack.output_map = stack._create_output_map()
        exports.update({export.name: export for export in stack.exports})

    patch.setattr(moto_cloudformation.ChangeSet, "apply", apply)
    # AWS makes a change set without changes, which the CLI then drops; moto refuses to make one.
    patch.setattr(CloudFormationResponse, "_validate_different_update", lambda *_: None)


class Account:
    """The account, and a project in `folder` whose scripts work on it."""

    def __init__(self, folder: Path, endpoint: str) -> None:
        self.folder, self.endpoint = folder, endpoint
        self.parameters = folder / "parameters"
        self.parameters.write_text("VpcId=vpc-00000000\n")

    def client(self, service: str) -> Any:
        return boto3.client(service, region_name=REGION, endpoint_url=self.endpoint)  # type: ignore[call-overload]

    def run(self, script: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a script of the project as an operator would; `stdout` of the result holds its output, errors too."""
        told = {
            "AWS_ENDPOINT_URL": self.endpoint,
            "CHEMTRACK_ENVIRONMENT": ENVIRONMENT,
            "CHEMTRACK_PARAMETERS": str(self.parameters),
        }
        return run(self.folder / script, *arguments, **told | environment)

    def stub(self, name: str, **values: str) -> None:
        """Make a stack with the exports of the template `name`; `values` are those exports whose value matters."""
        outputs = {
            output: {
                "Value": values.get(output, f"arn:aws:stub:::{name}/{output}"),
                "Export": {"Name": said["Export"]["Name"]["Fn::Sub"].replace("${Environment}", ENVIRONMENT)},
            }
            for output, said in load(name)["Outputs"].items()
            if "Export" in said
        }
        self._make(f"chemtrack-{name}-{ENVIRONMENT}", outputs)

    def spare(self, environment: str) -> None:
        """Make a stack with nothing in it that a script asks for."""
        if f"chemtrack-spare-{environment}" not in self.stacks():
            self._make(f"chemtrack-spare-{environment}", {})

    def _make(self, stack: str, outputs: dict[str, Any]) -> None:
        template = {"Resources": {"Stub": {"Type": "AWS::SNS::Topic"}}, "Outputs": outputs}
        self.client("cloudformation").create_stack(StackName=stack, TemplateBody=json.dumps(template))

    def stacks(self) -> set[str]:
        """The names of all stacks that are there."""
        found = self.client("cloudformation").list_stacks()["StackSummaries"]
        return {one["StackName"] for one in found if one["StackStatus"] != "DELETE_COMPLETE"}

    def stand_up(self) -> None:
        """Make the stacks that deploy_stacks.sh would have made."""
        ec2, elb = self.client("ec2"), self.client("elbv2")
        subnets = ec2.describe_subnets()["Subnets"][:2]
        vpc = subnets[0]["VpcId"]
        group = ec2.create_security_group(GroupName="stub", Description="stub", VpcId=vpc)["GroupId"]
        ids = [subnet["SubnetId"] for subnet in subnets]
        balancer = elb.create_load_balancer(Name="stub", Subnets=ids)["LoadBalancers"][0]["LoadBalancerArn"]
        listener = elb.create_listener(LoadBalancerArn=balancer, Protocol="HTTP", Port=80, DefaultActions=[NOT_FOUND])
        self.client("ecs").create_cluster(clusterName="stub")
        self.stub(
            "platform",
            VpcId=vpc,
            PrivateSubnetIds=",".join(ids),
            ClusterName="stub",
            ListenerArn=listener["Listeners"][0]["ListenerArn"],
            ApiSecurityGroupId=group,
            PagesSecurityGroupId=group,
        )
        self.stub("database", SecurityGroupId=group)

    def push(self, name: str, tag: str) -> None:
        """Put an image into ECR, as `docker push` would; one that is there already stays."""
        ecr, repository = self.client("ecr"), f"chemtrack-{name}-{ENVIRONMENT}"
        if repository not in [one["repositoryName"] for one in ecr.describe_repositories()["repositories"]]:
            ecr.create_repository(repositoryName=repository)
        kind = "application/vnd.docker.distribution.manifest.v2+json"
        layer = {"digest": f"sha256:{hashlib.sha256(tag.encode()).hexdigest()}", "size": 1}
        manifest = json.dumps({"schemaVersion": 2, "mediaType": kind, "config": layer, "layers": [layer]})
        if not any(tag in tags for tags in self.tags(name).values()):
            ecr.put_image(repositoryName=repository, imageTag=tag, imageManifest=manifest)

    def tags(self, name: str) -> dict[str, set[str]]:
        """Image → its tags."""
        images = self.client("ecr").describe_images(repositoryName=f"chemtrack-{name}-{ENVIRONMENT}")["imageDetails"]
        return {image["imageDigest"]: set(image["imageTags"]) for image in images}

    def service(self, name: str) -> Any:
        return self.client("ecs").describe_services(cluster="stub", services=[f"chemtrack-{name}-{ENVIRONMENT}"])[
            "services"
        ][0]

    def image_of(self, name: str) -> str:
        """The image of the service's stack. (Stock moto gives an updated task definition no image.)"""
        return self.parameters_of(name)["Image"]

    def parameters_of(self, name: str) -> dict[str, str]:
        """The parameters that the stack of this name was last made with."""
        [stack] = self.client("cloudformation").describe_stacks(StackName=f"chemtrack-{name}-{ENVIRONMENT}")["Stacks"]
        return {one["ParameterKey"]: one["ParameterValue"] for one in stack["Parameters"]}


def run(script: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a script with the AWS CLI of this environment, and nobody's credentials."""
    told = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(script.parent),
        "AWS_ACCESS_KEY_ID": "tests",
        "AWS_SECRET_ACCESS_KEY": "tests",
        "AWS_REGION": REGION,
        "AWS_MAX_ATTEMPTS": "1",
        **environment,
    }
    return subprocess.run(
        [script, *arguments],
        env=told,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=300,
    )


def copy_project(folder: Path) -> None:
    """A clone of what the scripts read, committed: they tag by the commit."""
    files = [
        ROOT / "build_and_push.sh",
        ROOT / "deploy_containers.sh",
        ROOT / "cloudformation",
        ROOT / "local" / "environment.sh",
    ]
    for file in [*files, *(ROOT / "pages").glob("*/page.py")]:
        copy = folder / file.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["cp", "-R", file, copy], check=True)
    git = ["git", "-C", str(folder), "-c", "user.name=tests", "-c", "user.email=tests@chemtrack.example"]
    (folder / ".gitignore").write_text("parameters\n.aws\n.docker\n")
    for command in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "--message", "As it is"]):
        subprocess.run([*git, *command], check=True)
