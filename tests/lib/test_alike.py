"""CloudFormation's stacks and Pulumi's program promise the same, but where docs/aws.md says that they differ.

Each is read by its own means: the templates as CloudFormation works them out, the program as Pulumi's mocks see it.
"""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.aws.templates import FOLDER, Stack, whole
from tests.aws.test_network import BETWEEN_OURS as BETWEEN_STACKS
from tests.installation import PAGES
from tests.lib.conftest import build
from tests.lib.program import Program
from tests.lib.test_network import BETWEEN_OURS
from tests.lib.test_services import rules
from tests.lib.test_stored import parameters

TOPIC = "arn:aws:sns:us-east-1:123456789012:alarms"
SERVICES = ["api", *PAGES]


@pytest.fixture(scope="module")
def stacks() -> dict[str, Stack]:
    """The stacks, whose service is the page login."""
    return whole(AlarmTopicArn=TOPIC, UseSessionsTable="yes", Scheme="internet-facing", ClientCidr="0.0.0.0/0")


def test_the_same_subnets_in_as_many_zones(stacks: dict[str, Stack], program: Program) -> None:
    made = stacks["network"].of_type("AWS::EC2::Subnet").values()
    assert {(one["CidrBlock"], one["AvailabilityZone"][-1]) for one in made} == {
        (one["cidrBlock"], one["availabilityZone"][-1]) for one in program.of_type("ec2/subnet").values()
    }
    assert stacks["network"]["Vpc"]["CidrBlock"] == program["vpc"]["cidrBlock"]


def test_the_same_ways_between_the_parts_but_for_the_port_and_psql_from_the_intranet() -> None:
    names = {
        "platform.LoadBalancerSecurityGroup": "alb",
        "platform.PagesSecurityGroup": "pages",
        "platform.ApiSecurityGroup": "api",
        "database.SecurityGroup": "database",
        "database.LoadBalancerSecurityGroup": "psql",
        "sql.SecurityGroup": "sql",
    }
    ports = {8000: 5000, 5432: 5432}
    short = {f"<{group}.GroupId>": name for group, name in names.items()}
    ways = {(short[source], short[target], ports[port]) for source, target, port in BETWEEN_STACKS}
    assert ways - {("psql", "database", 5432)} == BETWEEN_OURS


def test_the_same_rules_of_the_load_balancer(program: Program) -> None:
    table = json.loads((FOLDER / "pages.json").read_text())
    for page, entry in table.items():
        rule = Stack(
            "service",
            whole()["sessions"],
            Name=page,
            Image="registry/chemtrack:tag",
            Priority=str(entry["priority"]),
            Paths=",".join(entry["paths"]),
        )["Rule"]
        priority, paths, target = rules(program)[page]
        assert (str(priority), paths) == (rule["Priority"], rule["Conditions"][0]["PathPatternConfig"]["Values"])
        assert target == f"<target-{page}-test.arn>"


def camel(tree: Any) -> Any:
    """The tree with keys as Pulumi writes them, in the manner of CloudFormation."""
    if isinstance(tree, dict):
        return {key[0].upper() + key[1:]: camel(value) for key, value in tree.items()}
    return [camel(one) for one in tree] if isinstance(tree, list) else tree


@pytest.mark.parametrize(("template", "name"), [("api", "api"), ("service", "login"), ("sql", "sql")])
def test_the_same_container_but_for_port_log_and_where_its_command_is(
    stacks: dict[str, Stack], program: Program, template: str, name: str
) -> None:
    [theirs] = stacks[template]["Task"]["ContainerDefinitions"]
    ours = camel(program.container(name))
    own = {"Name", "Image", "Environment", "Secrets", "LogConfiguration", "PortMappings", "HealthCheck", "Command"}
    for key in (set(theirs) | set(ours)) - own:
        assert ours[key] == theirs[key], key
    if name != "sql":
        check = json.dumps(theirs["HealthCheck"]).replace(":8000/", ":5000/")
        assert json.dumps(ours["HealthCheck"]) == check
    for key in ("Cpu", "Memory", "NetworkMode", "RequiresCompatibilities"):
        assert program[f"task-{name}"][key[0].lower() + key[1:]] == stacks[template]["Task"][key]


# What each says in another way: the port, the region, where things are, and the owner's connection
SAID_OTHERWISE = {
    "CHEMTRACK_ADDRESS",
    "CHEMTRACK_API_URL",
    "CHEMTRACK_DATABASE_HOST",
    "CHEMTRACK_LOGIN_SECRETS",
    "CHEMTRACK_SESSIONS_TABLE",
    "AWS_DEFAULT_REGION",
    "PGHOST",
}
ONLY_HERE = {"CHEMTRACK_BIND", "CHEMTRACK_DATABASE_URL"}
ONLY_THERE = {"PGDATABASE", "PGUSER", "PGPASSWORD"}


@pytest.mark.parametrize(("template", "name"), [("api", "api"), ("service", "login"), ("sql", "sql")])
def test_the_same_environment(stacks: dict[str, Stack], program: Program, template: str, name: str) -> None:
    [theirs] = stacks[template]["Task"]["ContainerDefinitions"]
    ours = program.container(name)
    there = {one["Name"]: one.get("Value") for one in theirs["Environment"] + theirs["Secrets"]}
    here = {one["name"]: one.get("value") for one in ours["environment"] + ours["secrets"]}
    assert set(here) - ONLY_HERE == set(there) - ONLY_THERE
    for variable in set(here) - ONLY_HERE - SAID_OTHERWISE:
        assert here[variable] == there[variable], variable
    # What is secret here is secret there.
    assert {one["name"] for one in ours["secrets"]} - ONLY_HERE == {
        one["Name"] for one in theirs["Secrets"]
    } - ONLY_THERE


@pytest.mark.parametrize(("template", "name"), [("api", "api"), ("service", "login")])
def test_the_same_service(stacks: dict[str, Stack], program: Program, template: str, name: str) -> None:
    theirs, ours = stacks[template], program[f"service-{name}"]
    deployment = theirs["Service"]["DeploymentConfiguration"]
    assert ours["deploymentMaximumPercent"] == deployment["MaximumPercent"]
    assert ours["deploymentMinimumHealthyPercent"] == deployment["MinimumHealthyPercent"]
    assert ours.get("healthCheckGracePeriodSeconds") == theirs["Service"].get("HealthCheckGracePeriodSeconds")
    target, scaling = theirs["ScalableTarget"], program[f"scaling-target-{name}"]
    assert (scaling["minCapacity"], scaling["maxCapacity"]) == (target["MinCapacity"], target["MaxCapacity"])
    tracking = theirs["ScalingPolicy"]["TargetTrackingScalingPolicyConfiguration"]
    assert camel(program[f"scaling-policy-{name}"]["targetTrackingScalingPolicyConfiguration"]) == tracking
    for one in theirs["Service"]["ServiceConnectConfiguration"]["Services"]:
        [connect] = ours["serviceConnectConfiguration"]["services"]
        assert camel(connect["timeout"]) == one["Timeout"]
        assert connect["discoveryName"] == one["DiscoveryName"]


def test_the_same_question_for_health(stacks: dict[str, Stack], program: Program) -> None:
    theirs, ours = stacks["service"]["TargetGroup"], program["target-login"]["healthCheck"]
    assert ours == {
        "path": theirs["HealthCheckPath"],
        "interval": theirs["HealthCheckIntervalSeconds"],
        "timeout": theirs["HealthCheckTimeoutSeconds"],
        "healthyThreshold": theirs["HealthyThresholdCount"],
        "unhealthyThreshold": theirs["UnhealthyThresholdCount"],
        "matcher": theirs["Matcher"]["HttpCode"],
    }


def test_the_same_listeners(stacks: dict[str, Stack], program: Program) -> None:
    theirs, ours = stacks["platform"]["HttpsListener"], program["listener-https"]
    assert (ours["sslPolicy"], ours["port"], ours["protocol"]) == (
        theirs["SslPolicy"],
        theirs["Port"],
        theirs["Protocol"],
    )
    [answer], [their_answer] = ours["defaultActions"], theirs["DefaultActions"]
    assert camel(answer["fixedResponse"]) == their_answer["FixedResponseConfig"]
    sent = {one["Key"]: one["Value"] for one in theirs["ListenerAttributes"]}
    assert sent == {
        "routing.http.response.strict_transport_security.header_value": ours[
            "routingHttpResponseStrictTransportSecurityHeaderValue"
        ],
        "routing.http.response.x_content_type_options.header_value": ours[
            "routingHttpResponseXContentTypeOptionsHeaderValue"
        ],
        "routing.http.response.x_frame_options.header_value": ours["routingHttpResponseXFrameOptionsHeaderValue"],
    }


def test_the_same_database_but_for_its_class_and_whose_password_it_has(
    stacks: dict[str, Stack], program: Program
) -> None:
    theirs, ours = stacks["database"]["Database"], camel(program["rds"])
    for key in (
        "Engine",
        "EngineVersion",
        "StorageType",
        "StorageEncrypted",
        "BackupRetentionPeriod",
        "CopyTagsToSnapshot",
        "DeleteAutomatedBackups",
        "MaxAllocatedStorage",
        "PubliclyAccessible",
        "AutoMinorVersionUpgrade",
    ):
        assert ours[key] == theirs[key], key
    assert parameters(program) == stacks["database"]["ParameterGroup"]["Parameters"]


def test_the_same_table_of_sessions(stacks: dict[str, Stack], program: Program) -> None:
    theirs, ours = stacks["sessions"]["Table"], program["user-sessions"]
    assert ours["ttl"] == {
        "attributeName": theirs["TimeToLiveSpecification"]["AttributeName"],
        "enabled": theirs["TimeToLiveSpecification"]["Enabled"],
    }
    assert ours["hashKey"] == theirs["KeySchema"][0]["AttributeName"]
    assert ours["billingMode"] == theirs["BillingMode"]
    assert theirs["TableName"] == f"chemtrack-{ours['name']}"


def alarms(made: list[dict[str, Any]]) -> dict[str, tuple[Any, ...]]:
    """Name → what it watches, its sentence left out; of dimensions only their names."""
    return {
        re.sub(r"^(chemtrack|alarm)-|-test$", "", one["AlarmName"]).replace("platform-", "alb-"): (
            one["Namespace"],
            one["MetricName"],
            sorted(one["Dimensions"]),
            one["Statistic"],
            one["Period"],
            one["EvaluationPeriods"],
            float(one["Threshold"]),
            one["ComparisonOperator"],
            one.get("TreatMissingData", "missing"),
        )
        for one in made
    }


def test_the_same_alarms(stacks: dict[str, Stack], python: Path) -> None:
    program = build(python, alarmTopicArn=TOPIC.replace("us-east-1", "us-east-2"))
    made = [alarm for stack in stacks.values() for alarm in stack.of_type("AWS::CloudWatch::Alarm").values()]
    theirs = alarms([one | {"Dimensions": [of["Name"] for of in one.get("Dimensions", [])]} for one in made])
    found = [camel(one) | {"AlarmName": one["name"]} for one in program.of_type("cloudwatch/metricAlarm").values()]
    ours = alarms(found)
    of_login = {name for name in ours if name.rpartition("-")[0] not in set(PAGES) - {"login"}}
    assert {name: ours[name] for name in of_login} == theirs
    for page in PAGES:
        for kind in ("cpu", "unhealthy", "5xx"):
            assert ours[f"{page}-{kind}"] == theirs[f"login-{kind}"]
    for one in found:
        assert one["AlarmActions"] == one["OkActions"] == [TOPIC.replace("us-east-1", "us-east-2")]


def rights(statements: list[dict[str, Any]]) -> set[str]:
    """All actions that statements allow."""
    actions = [one["Action"] if isinstance(one["Action"], list) else [one["Action"]] for one in statements]
    return {action for several in actions for action in several}


@pytest.mark.parametrize(("template", "name"), [("api", "api"), ("service", "login"), ("sql", "sql")])
@pytest.mark.parametrize("role", ["execution", "task"])
def test_the_same_rights(stacks: dict[str, Stack], program: Program, template: str, name: str, role: str) -> None:
    made = stacks[template].resources.get(f"{role.title()}Role", {"Properties": {"Policies": []}})
    theirs = [one for policy in made["Properties"]["Policies"] for one in policy["PolicyDocument"]["Statement"]]
    assert rights(program.statements(f"{role}-role-{name}")) == rights(theirs)


def test_every_log_is_kept_as_long(stacks: dict[str, Stack], program: Program) -> None:
    theirs = {
        one["RetentionInDays"] for stack in stacks.values() for one in stack.of_type("AWS::Logs::LogGroup").values()
    }
    assert theirs == {one["retentionInDays"] for one in program.of_type("cloudwatch/logGroup").values()}
