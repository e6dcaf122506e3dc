"""PostgreSQL on RDS, the way to it from the intranet, and that there are connections enough."""

import re
import socket
import types
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from tests.aws.templates import Stack, load, whole
from tests.conftest import ROOT

RESERVED = 5  # superuser_reserved_connections 3, rds.rds_superuser_reserved_connections 2
FOR_PEOPLE = 15  # psql, the stack sql, monitoring


def database(**parameters: str) -> Any:
    return whole(**parameters)["database"]["Database"]


def test_the_database_is_encrypted_backed_up_five_days_and_logged() -> None:
    made = database()
    assert made["StorageEncrypted"] is True
    assert made["BackupRetentionPeriod"] == 5
    assert made["EnableCloudwatchLogsExports"] == ["postgresql", "upgrade"]


def test_nobody_connects_without_tls() -> None:
    stacks = whole()
    assert stacks["database"]["ParameterGroup"]["Parameters"]["rds.force_ssl"] == "1"
    told = {
        name: {one["Name"]: one["Value"] for one in stacks[name]["Task"]["ContainerDefinitions"][0]["Environment"]}
        for name in ("api", "sql")
    }
    assert told["api"]["CHEMTRACK_DATABASE_SSLMODE"] == told["sql"]["PGSSLMODE"] == "verify-full"
    # The name that RDS's certificate carries; any other name would be refused.
    host = "<database.Database.Endpoint.Address>"
    assert told["api"]["CHEMTRACK_DATABASE_HOST"] == told["sql"]["PGHOST"] == host
    authorities = told["api"]["CHEMTRACK_DATABASE_SSLROOTCERT"]
    assert authorities == told["sql"]["PGSSLROOTCERT"]
    for image in ("api", "sql"):
        steps = (ROOT / image / "Dockerfile").read_text()
        assert f"COPY --from=authorities /build/rds.pem {authorities}\n" in steps


def test_rds_keeps_the_owners_password_and_the_sql_task_alone_reads_it() -> None:
    stacks = whole()
    made = stacks["database"]["Database"]
    assert made["ManageMasterUserPassword"] is True
    assert "MasterUserPassword" not in made
    secret = "<database.Database.MasterUserSecret.SecretArn>"
    readers = [name for name, stack in stacks.items() if name != "database" and secret in str(stack.resources)]
    assert readers == ["sql"]


def test_class_standby_and_protection_are_parameters() -> None:
    assert (database()["DBInstanceClass"], database()["MultiAZ"]) == ("db.t4g.micro", "false")
    other = database(DatabaseClass="db.m7g.large", MultiAz="true", DeletionProtection="true")
    assert (other["DBInstanceClass"], other["MultiAZ"], other["DeletionProtection"]) == ("db.m7g.large", "true", "true")


def test_storage_can_grow_from_wherever_it_starts() -> None:
    # RDS wants the limit of storage to be at least a tenth above the start.
    most = load("database")["Parameters"]["StorageGib"]["MaxValue"]
    assert database()["MaxAllocatedStorage"] >= most * 1.1


def test_an_update_that_would_replace_the_database_keeps_a_snapshot() -> None:
    assert load("database")["Resources"]["Database"]["UpdateReplacePolicy"] == "Snapshot"


def test_the_labs_of_the_demo_are_in_no_image_that_goes_to_aws() -> None:
    stages = (ROOT / "sql" / "Dockerfile").read_text().split("\nFROM ")[1:]
    assert [stage.split("\n")[0] for stage in stages if "sql/seed/" in stage] == ["task AS demo"]
    assert stages[-1].startswith("task\n"), "what is built where no stage is named"
    [task] = [stage for stage in stages if stage.startswith("postgres:")]
    copied = set(re.findall(r"COPY sql/(\w+)/", task)) | {"seed"}
    assert copied == {folder.name for folder in (ROOT / "sql").iterdir() if folder.is_dir()}


VERSIONS = load("database")["Parameters"]["PostgresVersion"]["AllowedValues"]


def test_no_server_is_newer_than_the_psql_that_the_sql_task_brings() -> None:
    [psql] = re.findall(r"^FROM postgres:(\d+)", (ROOT / "sql" / "Dockerfile").read_text(), re.MULTILINE)
    assert max(int(version) for version in VERSIONS) <= int(psql)


@pytest.mark.parametrize("version", VERSIONS)
def test_the_parameters_are_those_of_the_version(version: str) -> None:
    stack = whole(PostgresVersion=version)["database"]
    assert stack["ParameterGroup"]["Family"] == f"postgres{version}"
    assert version in stack["ParameterGroup"]["DBParameterGroupName"], "another version needs another group beside it"


def tasks_borne(size: str, stacks: dict[str, Stack]) -> int:
    """The most tasks of the API for which the database of this class has connections, also while a deployment goes on."""
    api = stacks["api"]
    environment = {one["Name"]: one["Value"] for one in api["Task"]["ContainerDefinitions"][0]["Environment"]}
    pools = int(environment["CHEMTRACK_CHEMUSER_POOL"]) + int(environment["CHEMTRACK_CHEMADMIN_POOL"])
    a_task = int(environment["WEB_CONCURRENCY"]) * pools
    connections = int(load("database")["Mappings"]["Classes"][size]["Connections"])
    both_versions = (connections - RESERVED - FOR_PEOPLE) // a_task
    return both_versions * 100 // int(api["Service"]["DeploymentConfiguration"]["MaximumPercent"])


SIZES = load("database")["Parameters"]["DatabaseClass"]["AllowedValues"]


@pytest.mark.parametrize("size", SIZES)
def test_the_most_tasks_the_api_can_have_do_not_exhaust_the_connections(size: str) -> None:
    stacks = whole(DatabaseClass=size)
    group = stacks["database"]["ParameterGroup"]["Parameters"]
    assert group["max_connections"] == load("database")["Mappings"]["Classes"][size]["Connections"]
    assert load("service")["Parameters"]["MaxTasks"]["MaxValue"] <= tasks_borne(size, stacks)


def test_operators_are_told_how_many_tasks_each_class_bears() -> None:
    document = (ROOT / "docs" / "aws.md").read_text()
    told: dict[str, tuple[str, str]] = {}
    for sizes, connections, tasks in re.findall(
        r"^\| (db\.[^|]+) \| [^|]+ \| ([^|]+) \| ([^|]+) \|$", document, re.MULTILINE
    ):
        numbers = list(zip(connections.split(", "), tasks.split(", "), strict=True))
        names = sizes.split(", ")
        told |= dict(zip(names, numbers * len(names) if len(numbers) == 1 else numbers, strict=True))
    classes = load("database")["Mappings"]["Classes"]
    assert told == {size: (classes[size]["Connections"], str(tasks_borne(size, whole()))) for size in SIZES}


# -- psql from the intranet -------------------------------------------------------------------------------------------


def test_the_load_balancer_passes_postgresql_through_and_knows_one_target() -> None:
    stack = whole()["database"]
    assert stack["LoadBalancer"]["Type"] == "network"
    assert (stack["Listener"]["Port"], stack["Listener"]["Protocol"]) == (5432, "TCP"), "TLS ends at PostgreSQL"
    assert stack["TargetGroup"]["TargetType"] == "ip"
    assert "Targets" not in stack["TargetGroup"], "the function keeps them"


def test_the_target_is_looked_at_each_minute_and_when_rds_tells_something() -> None:
    stack = whole()["database"]
    rule = stack["FollowRule"]
    assert rule["ScheduleExpression"] == "rate(1 minute)"
    assert rule["EventPattern"] == {
        "source": ["aws.rds"],
        "detail-type": ["RDS DB Instance Event"],
        "resources": ["<database.Database.DBInstanceArn>"],
    }
    assert [target["Arn"] for target in rule["Targets"]] == ["<database.Follow.Arn>"]
    assert stack["FollowPermission"]["SourceArn"] == "<database.FollowRule.Arn>"


class TargetGroup:
    """A target group of moto's, and the function of the template that follows the database."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        ec2: Any = boto3.client("ec2")
        self.elb: Any = boto3.client("elbv2")
        vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        made = self.elb.create_target_group(Name="follow", Protocol="TCP", Port=5432, VpcId=vpc, TargetType="ip")
        self.arn = made["TargetGroups"][0]["TargetGroupArn"]
        self.monkeypatch = monkeypatch
        monkeypatch.setenv("TARGET_GROUP_ARN", self.arn)
        monkeypatch.setenv("DATABASE_HOST", "database.example")
        function = Stack("database", whole()["platform"])["Follow"]
        self.module = types.ModuleType("index")
        exec(function["Code"]["ZipFile"], self.module.__dict__)
        assert function["Handler"] == "index.follow"
        assert set(function["Environment"]["Variables"]) == {"TARGET_GROUP_ARN", "DATABASE_HOST"}

    def run(self, address: str | None) -> None:
        """Run the function while the database's name leads to `address`, or nowhere."""

        def look_up(name: str) -> str:
            assert name == "database.example"
            if address is None:
                raise socket.gaierror("Name or service not known")
            return address

        self.monkeypatch.setattr(socket, "gethostbyname", look_up)
        self.module.follow({}, None)

    @property
    def targets(self) -> list[str]:
        described = self.elb.describe_target_health(TargetGroupArn=self.arn)["TargetHealthDescriptions"]
        return [one["Target"]["Id"] for one in described if one["TargetHealth"]["State"] != "draining"]


@pytest.fixture
def group(aws: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[TargetGroup]:
    made = TargetGroup(monkeypatch)
    yield made
    made.elb.delete_target_group(TargetGroupArn=made.arn)


def test_the_first_look_brings_the_database_in(group: TargetGroup) -> None:
    group.run("10.0.3.10")
    assert group.targets == ["10.0.3.10"]


def test_after_a_failover_the_new_address_is_in_and_the_old_one_out(group: TargetGroup) -> None:
    group.run("10.0.3.10")
    group.run("10.0.4.20")
    assert group.targets == ["10.0.4.20"]
    group.run("10.0.3.10")
    assert group.targets == ["10.0.3.10"], "and back"


def test_nothing_changes_while_the_address_stays(group: TargetGroup, monkeypatch: pytest.MonkeyPatch) -> None:
    group.run("10.0.3.10")
    real = boto3.client("elbv2")
    calls = []
    real.meta.events.register("before-call.*.*", lambda model, **_: calls.append(model.name))
    monkeypatch.setattr(boto3, "client", lambda _: real)
    group.run("10.0.3.10")
    assert calls == ["DescribeTargetHealth"]


def test_the_target_stays_when_the_name_cannot_be_looked_up(group: TargetGroup) -> None:
    group.run("10.0.3.10")
    with pytest.raises(socket.gaierror):
        group.run(None)
    assert group.targets == ["10.0.3.10"]


def test_targets_that_somebody_added_by_hand_go(group: TargetGroup) -> None:
    group.elb.register_targets(TargetGroupArn=group.arn, Targets=[{"Id": "10.0.9.9"}, {"Id": "10.0.9.8"}])
    group.run("10.0.3.10")
    assert group.targets == ["10.0.3.10"]
