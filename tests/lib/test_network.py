"""The network that Pulumi makes, and which part of it may reach which."""

import re
from typing import Any

from tests.lib.program import Program

ANYWHERE = "0.0.0.0/0"


def test_everything_is_made_by_the_provider_of_us_east_2(program: Program) -> None:
    assert program["aws"]["region"] == "us-east-2"
    for name, one in program.made.items():
        if one["type"].startswith("aws:"):
            assert one["provider"].endswith("::aws-test::<aws-test>"), name
            assert "region" not in one["inputs"], name


def test_there_is_one_vpc(program: Program) -> None:
    assert {name: one["cidrBlock"] for name, one in program.of_type("ec2/vpc").items()} == {"vpc": "10.0.0.0/16"}


def test_two_public_and_two_private_subnets_lie_in_two_zones(program: Program) -> None:
    subnets = program.of_type("ec2/subnet")
    assert {name: (one["cidrBlock"], one["availabilityZone"]) for name, one in subnets.items()} == {
        "subnet-public-a": ("10.0.1.0/24", "us-east-2a"),
        "subnet-public-b": ("10.0.2.0/24", "us-east-2b"),
        "subnet-private-a": ("10.0.3.0/24", "us-east-2a"),
        "subnet-private-b": ("10.0.4.0/24", "us-east-2b"),
    }
    assert not any(one["mapPublicIpOnLaunch"] for one in subnets.values())


def ways_out(program: Program) -> dict[str, str]:
    """Where each subnet's route to anywhere leads."""
    tables = {one["subnetId"]: one["routeTableId"] for one in program.of_type("ec2/routeTableAssociation").values()}
    leads = {
        one["routeTableId"]: one.get("gatewayId") or one["natGatewayId"]
        for one in program.of_type("ec2/route").values()
    }
    assert all(one["destinationCidrBlock"] == ANYWHERE for one in program.of_type("ec2/route").values())
    return {subnet: leads[table] for subnet, table in tables.items()}


def test_public_subnets_lead_to_the_internet_and_private_ones_through_nat_of_their_zone(program: Program) -> None:
    assert ways_out(program) == {
        "<subnet-public-a-test>": "<internet-gateway-test>",
        "<subnet-public-b-test>": "<internet-gateway-test>",
        "<subnet-private-a-test>": "<nat-a-test>",
        "<subnet-private-b-test>": "<nat-b-test>",
    }
    for zone in "ab":
        assert program[f"nat-{zone}"]["subnetId"] == f"<subnet-public-{zone}-test>"


def ways(program: Program, direction: str) -> set[tuple[str, str, int]]:
    """(from, to, port) of every rule of this direction, "ingress" or "egress"."""
    found = set()
    for rule in program.of_type(f"vpc/securityGroup{direction.title()}Rule").values():
        assert rule["ipProtocol"] == "tcp"
        assert rule["fromPort"] == rule["toPort"]
        owner = short(rule["securityGroupId"])
        other = short(rule.get("referencedSecurityGroupId") or rule["cidrIpv4"])
        ends = (other, owner) if direction == "ingress" else (owner, other)
        found.add((*ends, int(rule["toPort"])))
    return found


def short(identifier: str) -> str:
    return re.sub(r"<security-group-(.*)-test>", r"\1", identifier)


BETWEEN_OURS = {
    ("alb", "pages", 5000),
    ("pages", "api", 5000),
    ("api", "database", 5432),
    ("sql", "database", 5432),
}


def test_each_part_is_reached_by_the_one_before_it_and_nobody_else(program: Program) -> None:
    assert ways(program, "ingress") == BETWEEN_OURS | {(ANYWHERE, "alb", 443), (ANYWHERE, "alb", 80)}


def test_each_part_reaches_the_next_one_and_else_aws_only(program: Program) -> None:
    assert ways(program, "egress") == BETWEEN_OURS | {(part, ANYWHERE, 443) for part in ("pages", "api", "sql")}


def test_no_security_group_has_rules_beside_these(program: Program) -> None:
    groups = program.of_type("ec2/securityGroup")
    assert {short(f"<{name}-test>") for name in groups} == {"alb", "pages", "api", "sql", "database"}
    for group in groups.values():
        assert not {"ingress", "egress"} & set(group)


def places(program: Program, what: str) -> dict[str, Any]:
    return {key: program[what][key] for key in ("subnets", "securityGroups")}


def test_the_load_balancer_is_in_the_public_subnets(program: Program) -> None:
    assert places(program, "alb") == {
        "subnets": ["<subnet-public-a-test>", "<subnet-public-b-test>"],
        "securityGroups": ["<security-group-alb-test>"],
    }


def test_tasks_are_in_the_private_subnets_without_a_public_address(program: Program) -> None:
    services = program.of_type("ecs/service")
    for name, service in services.items():
        group = "api" if name == "service-api" else "pages"
        assert service["networkConfiguration"] == {
            "assignPublicIp": False,
            "subnets": ["<subnet-private-a-test>", "<subnet-private-b-test>"],
            "securityGroups": [f"<security-group-{group}-test>"],
        }


def test_the_task_sql_runs_in_the_private_subnets_with_its_own_group(program: Program) -> None:
    _, _, _, subnets, group = program.outputs["sqlTask"].split()
    assert subnets == "<subnet-private-a-test>,<subnet-private-b-test>"
    assert group == "<security-group-sql-test>"


def test_the_database_is_in_the_private_subnets_and_has_no_public_address(program: Program) -> None:
    assert program["subnet-group"]["subnetIds"] == ["<subnet-private-a-test>", "<subnet-private-b-test>"]
    assert program["rds"]["dbSubnetGroupName"] == "subnet-group-test"
    assert program["rds"]["vpcSecurityGroupIds"] == ["<security-group-database-test>"]
    assert program["rds"]["publiclyAccessible"] is False
