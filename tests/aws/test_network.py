"""The network: in which subnets the parts of ChemTrack are, and which part may reach which."""

from typing import Any

import pytest

from tests.aws.templates import Stack, whole

ANYWHERE = "0.0.0.0/0"
CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/1"
EXISTING = {
    "ExistingListenerArn": "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/theirs/1/2",
    "ExistingLoadBalancerSecurityGroupId": "sg-12345678",
}


def test_an_empty_account_gets_two_public_and_two_private_subnets_over_two_zones() -> None:
    network = Stack("network")
    subnets = network.of_type("AWS::EC2::Subnet")
    assert {name: (made["CidrBlock"], made["AvailabilityZone"]) for name, made in subnets.items()} == {
        "PublicSubnetA": ("10.0.1.0/24", "us-east-1a"),
        "PublicSubnetB": ("10.0.2.0/24", "us-east-1b"),
        "PrivateSubnetA": ("10.0.3.0/24", "us-east-1a"),
        "PrivateSubnetB": ("10.0.4.0/24", "us-east-1b"),
    }
    assert network.outputs["PrivateSubnetIds"] == "<network.PrivateSubnetA>,<network.PrivateSubnetB>"
    assert network.outputs["IntranetSubnetIds"] == "<network.PublicSubnetA>,<network.PublicSubnetB>"


def test_each_zone_leaves_by_its_own_nat_gateway() -> None:
    network = Stack("network")
    for zone in "AB":
        assert network[f"NatGateway{zone}"]["SubnetId"] == f"<network.PublicSubnet{zone}>"
        assert network[f"PrivateRoute{zone}"]["NatGatewayId"] == f"<network.NatGateway{zone}>"
        association = network[f"PrivateSubnet{zone}Routes"]
        assert association == {
            "RouteTableId": network[f"PrivateRoute{zone}"]["RouteTableId"],
            "SubnetId": f"<network.PrivateSubnet{zone}>",
        }


def test_endpoints_take_the_place_of_nat() -> None:
    network = Stack("network", Nat="no")
    assert not network.of_type("AWS::EC2::NatGateway")
    assert not network.of_type("AWS::EC2::EIP")
    assert list(network.of_type("AWS::EC2::Route")) == ["PublicRoute"]
    endpoints = Stack("endpoints").of_type("AWS::EC2::VPCEndpoint").values()
    services = {made["ServiceName"].removeprefix("com.amazonaws.us-east-1."): made for made in endpoints}
    assert set(services) == {"ecr.api", "ecr.dkr", "s3", "logs", "secretsmanager", "dynamodb"}
    for name, made in services.items():
        if name in ("s3", "dynamodb"):
            assert made["VpcEndpointType"] == "Gateway"
        else:
            assert made["PrivateDnsEnabled"] is True, "tasks ask for the service's usual name"


def ways(stacks: dict[str, Stack], direction: str) -> set[tuple[str, str, int]]:
    """(from, to, port) of every rule of this direction, "ingress" or "egress", in all security groups."""
    peer = "Source" if direction == "ingress" else "Destination"
    found = set()

    def add(owner: str, rule: dict[str, Any]) -> None:
        assert rule["FromPort"] == rule["ToPort"]
        assert rule["IpProtocol"] == "tcp"
        other = rule.get(f"{peer}SecurityGroupId") or rule.get(f"{peer}PrefixListId") or rule["CidrIp"]
        found.add((other, owner, rule["ToPort"]) if direction == "ingress" else (owner, other, rule["ToPort"]))

    for stack in stacks.values():
        for logical, group in stack.of_type("AWS::EC2::SecurityGroup").items():
            assert group["SecurityGroupEgress"], "without a rule AWS adds one that allows everything"
            for rule in group.get(f"SecurityGroup{direction.title()}", []):
                add(f"<{stack.name}.{logical}.GroupId>", rule)
        for rule in stack.of_type(f"AWS::EC2::SecurityGroup{direction.title()}").values():
            add(rule["GroupId"], rule)
    return found


ALB, PAGES, API, DATABASE, NLB, SQL = (
    f"<{name}.GroupId>"
    for name in (
        "platform.LoadBalancerSecurityGroup",
        "platform.PagesSecurityGroup",
        "platform.ApiSecurityGroup",
        "database.SecurityGroup",
        "database.LoadBalancerSecurityGroup",
        "sql.SecurityGroup",
    )
)
ENDPOINTS = "<endpoints.SecurityGroup.GroupId>"
BETWEEN_OURS = {
    (ALB, PAGES, 8000),
    (PAGES, API, 8000),
    (API, DATABASE, 5432),
    (SQL, DATABASE, 5432),
    (NLB, DATABASE, 5432),
}


def test_each_part_is_reached_by_the_one_before_it_and_nobody_else() -> None:
    stacks = whole(VpcCidr="10.0.0.0/16", ClientCidr="10.1.0.0/16", DatabaseClientCidr="10.2.0.0/16")
    assert ways(stacks, "ingress") == BETWEEN_OURS | {
        ("10.1.0.0/16", ALB, 443),
        ("10.1.0.0/16", ALB, 80),
        ("10.2.0.0/16", NLB, 5432),
        ("10.0.0.0/16", ENDPOINTS, 443),
    }


def test_each_part_reaches_the_next_one_and_else_aws_only() -> None:
    stacks = whole(VpcCidr="10.0.0.0/16")
    assert ways(stacks, "egress") == BETWEEN_OURS | {
        (PAGES, ANYWHERE, 443),
        (API, ANYWHERE, 443),
        (SQL, ANYWHERE, 443),
        (DATABASE, "127.0.0.1/32", 5432),
        (ENDPOINTS, "10.0.0.0/16", 443),
    }


def test_with_endpoints_tasks_reach_nothing_but_them() -> None:
    outbound = {"OutboundCidr": "10.0.0.0/16", "S3PrefixListId": "pl-1", "DynamoDbPrefixListId": "pl-2"}
    assert ways(whole(VpcCidr="10.0.0.0/16", **outbound), "egress") == BETWEEN_OURS | {
        *((part, where, 443) for part in (PAGES, API, SQL) for where in ("10.0.0.0/16", "pl-1")),
        (PAGES, "pl-2", 443),
        (DATABASE, "127.0.0.1/32", 5432),
        (ENDPOINTS, "10.0.0.0/16", 443),
    }


def test_more_client_networks_are_let_in_when_they_are_named() -> None:
    stacks = whole(ClientCidr="10.1.0.0/16", ClientCidr2="10.2.0.0/16", ClientCidr3="10.3.0.0/16")
    clients = {(source, port) for source, target, port in ways(stacks, "ingress") if target == ALB}
    assert clients == {(f"10.{n}.0.0/16", port) for n in (1, 2, 3) for port in (80, 443)}


def test_health_checks_end_before_the_next_begins() -> None:
    stacks = whole()
    for group in (stacks["service"]["TargetGroup"], stacks["database"]["TargetGroup"]):
        assert group["HealthCheckTimeoutSeconds"] < group["HealthCheckIntervalSeconds"]


@pytest.mark.parametrize("name", ["service", "api"])
def test_tasks_live_in_private_subnets_without_a_public_address(name: str) -> None:
    stacks = whole(PrivateSubnetIds="subnet-1,subnet-2", IntranetSubnetIds="subnet-3,subnet-4")
    network = stacks[name]["Service"]["NetworkConfiguration"]["AwsvpcConfiguration"]
    assert network["Subnets"] == ["subnet-1", "subnet-2"]
    assert network["AssignPublicIp"] == "DISABLED"
    assert network["SecurityGroups"] == [API if name == "api" else PAGES]


def test_load_balancers_live_in_the_intranet_and_the_database_does_not() -> None:
    stacks = whole(PrivateSubnetIds="subnet-1,subnet-2", IntranetSubnetIds="subnet-3,subnet-4")
    for stack in ("platform", "database"):
        assert stacks[stack]["LoadBalancer"]["Subnets"] == ["subnet-3", "subnet-4"]
        assert stacks[stack]["LoadBalancer"]["Scheme"] == "internal"
    assert stacks["database"]["SubnetGroup"]["SubnetIds"] == ["subnet-1", "subnet-2"]
    assert stacks["database"]["Database"]["PubliclyAccessible"] is False


def test_the_load_balancer_faces_the_internet_only_if_a_parameter_says_so() -> None:
    assert Stack("platform", Scheme="internet-facing")["LoadBalancer"]["Scheme"] == "internet-facing"


def test_operators_are_told_where_the_load_balancers_and_the_database_are() -> None:
    stacks = whole()
    assert stacks["platform"].outputs["LoadBalancerDnsName"] == "<platform.LoadBalancer.DNSName>"
    assert stacks["database"].outputs["Endpoint"] == "<database.Database.Endpoint.Address>"
    assert stacks["database"].outputs["AccessDnsName"] == "<database.LoadBalancer.DNSName>"


def test_an_existing_listener_takes_the_pages_and_no_load_balancer_is_made() -> None:
    stacks = whole(**EXISTING)
    platform = stacks["platform"]
    assert not [
        made["Type"]
        for made in platform.resources.values()
        if "LoadBalancing" in made["Type"] or made["Type"].startswith("AWS::S3::")
    ]
    assert stacks["service"]["Rule"]["ListenerArn"] == EXISTING["ExistingListenerArn"]
    assert (EXISTING["ExistingLoadBalancerSecurityGroupId"], PAGES, 8000) in ways(stacks, "ingress")


def test_an_existing_cluster_takes_the_services_and_none_is_made() -> None:
    stacks = whole(ExistingClusterName="theirs")
    assert not stacks["platform"].of_type("AWS::ECS::Cluster")
    assert stacks["service"]["Service"]["Cluster"] == stacks["api"]["Service"]["Cluster"] == "theirs"
    assert stacks["service"]["ScalableTarget"]["ResourceId"].startswith("service/theirs/")


@pytest.mark.parametrize(
    ("parameters", "fails"),
    [
        ({}, True),
        ({"CertificateArn": CERTIFICATE}, False),
        (EXISTING, False),
        ({"ExistingListenerArn": EXISTING["ExistingListenerArn"]}, True),
    ],
)
def test_a_platform_without_certificate_or_listener_is_refused_with_a_sentence(
    parameters: dict[str, str], fails: bool
) -> None:
    platform = Stack("platform", None, **parameters)
    broken = [
        assertion["AssertDescription"]
        for rule in platform.template["Rules"].values()
        if "RuleCondition" not in rule or platform.work_out(rule["RuleCondition"])
        for assertion in rule["Assertions"]
        if not platform.work_out(assertion["Assert"])
    ]
    assert bool(broken) == fails
    assert all(sentence.endswith(".") for sentence in broken)
