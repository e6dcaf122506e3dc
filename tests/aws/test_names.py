"""Names: each ends with the environment and is short enough for AWS, which cuts none and says so only when the resource is made.

Neither cfn-lint, which sees a name before its parameters are filled in, nor moto knows these bounds.
"""

import re

import pytest

from tests.aws.templates import Stack, find, load, names, whole

# The most letters that AWS takes, by type of resource and property
BOUNDS = {
    ("AWS::ApplicationAutoScaling::ScalingPolicy", "PolicyName"): 256,
    ("AWS::CloudWatch::Alarm", "AlarmName"): 255,
    ("AWS::DynamoDB::Table", "TableName"): 255,
    ("AWS::EC2::SecurityGroup", "GroupName"): 255,
    ("AWS::ECR::Repository", "RepositoryName"): 256,
    ("AWS::ECS::Cluster", "ClusterName"): 255,
    ("AWS::ECS::Service", "ServiceName"): 255,
    ("AWS::ECS::TaskDefinition", "Family"): 255,
    ("AWS::ElasticLoadBalancingV2::LoadBalancer", "Name"): 32,
    ("AWS::ElasticLoadBalancingV2::TargetGroup", "Name"): 32,
    ("AWS::Events::Rule", "Name"): 64,
    ("AWS::IAM::Role", "RoleName"): 64,
    ("AWS::Lambda::Function", "FunctionName"): 64,
    ("AWS::Logs::LogGroup", "LogGroupName"): 512,
    ("AWS::RDS::DBInstance", "DBInstanceIdentifier"): 63,
    ("AWS::RDS::DBParameterGroup", "DBParameterGroupName"): 255,
    ("AWS::RDS::DBSubnetGroup", "DBSubnetGroupName"): 255,
    ("AWS::S3::Bucket", "BucketName"): 63,
    ("AWS::SecretsManager::Secret", "Name"): 512,
    ("AWS::ServiceDiscovery::HttpNamespace", "Name"): 1024,
}
STACK_NAME = 128
LONGEST_REGION = "ap-northeast-1"
NOT_OF_THE_ENVIRONMENT = {"DBName", "MetricName"}


def longest(parameter: str) -> str:
    """The longest text of one letter that a parameter takes."""
    patterns = {
        load(name)["Parameters"][parameter]["AllowedPattern"]
        for name in names()
        if parameter in load(name)["Parameters"]
    }
    [pattern] = patterns  # the same in each template
    return max(("a" * length for length in range(300) if re.fullmatch(pattern, "a" * length)), key=len)


def named(stacks: dict[str, Stack]) -> list[tuple[str, str, str]]:
    """Type, property and value of each name that the stacks give."""
    return [
        (resource["Type"], key, str(value))
        for stack in stacks.values()
        for resource in stack.resources.values()
        for key, value in resource["Properties"].items()
        if (resource["Type"], key) in BOUNDS
        or (re.fullmatch(r"\w*Name|\w+Identifier", key) and key not in NOT_OF_THE_ENVIRONMENT)
        if not re.match(r"<|com\.amazonaws\.", str(value))  # made elsewhere, or a service of AWS
    ]


@pytest.fixture(scope="module")
def everything() -> dict[str, str]:
    """Parameters with which the templates make all that they can make."""
    return {"AlarmTopicArn": "arn:aws:sns:us-east-1:123456789012:alarms", "UseSessionsTable": "yes", "AccessLog": "yes"}


def test_every_name_ends_with_the_environment(everything: dict[str, str]) -> None:
    found = named(whole(**everything))
    assert len(found) > 50
    for kind, key, value in found:
        assert re.search(r"chemtrack-.*-test(/performance|/postgresql|/upgrade)?$", value), (kind, key, value)


def test_the_longest_names_fit(everything: dict[str, str]) -> None:
    environment, page = longest("Environment"), longest("Name")
    made = set()
    for kind, key, value in named(whole(Environment=environment, Name=page, **everything)):
        assert (kind, key) in BOUNDS, f"how long may the {key} of {kind} be?"
        assert len(value.replace("us-east-1", LONGEST_REGION)) <= BOUNDS[kind, key], value
        made.add((kind, key))
    assert made == set(BOUNDS), "a bound for what no template makes"
    assert len(f"chemtrack-{max(*names(), page, key=len)}-{environment}") <= STACK_NAME


def test_a_secrets_value_is_asked_for_by_a_name_that_it_has() -> None:
    """ECS starts no task whose secret has no such key. RDS writes its owner's secret as JSON; our own secrets hold the bare value."""
    asked: list[tuple[str, list[str]]] = []
    for stack in whole().values():
        for secret in (one for secrets in find(stack.resources, "Secrets") for one in secrets):
            arn, *key = re.split(r"(?<=>):", secret["ValueFrom"], maxsplit=1)
            asked.append((arn, key))
    owners = [key for arn, key in asked if arn == "<database.Database.MasterUserSecret.SecretArn>"]
    assert sorted(owners) == [["password::"], ["username::"]]
    assert [arn for arn, key in asked if key and "MasterUserSecret" not in arn] == []
    assert len(asked) > 6
