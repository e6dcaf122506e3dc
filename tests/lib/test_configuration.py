"""What the program refuses, and the names that it gives."""

import json
import re
from pathlib import Path

import pytest

from tests.aws.test_names import BOUNDS
from tests.lib.conftest import build, refusal
from tests.lib.program import Program, plain


@pytest.mark.parametrize("suffix", ["d", "Dev", "dev-1", "1dev", "abcdefghijk"])
def test_a_suffix_that_makes_no_name_is_refused(python: Path, suffix: str) -> None:
    assert refusal(python, environmentSuffix=suffix) == (
        f"environmentSuffix is two to ten small letters and digits, a letter first, not {suffix!r}."
    )


def test_a_certificate_of_another_region_is_refused(python: Path) -> None:
    arn = "arn:aws:acm:us-east-1:123456789012:certificate/1"
    assert (
        refusal(python, certificateArn=arn) == f"certificateArn names a certificate of ACM in us-east-2, not {arn!r}."
    )


def test_a_tag_of_no_image_and_a_secret_of_no_purpose_are_refused(python: Path) -> None:
    assert refusal(python, tags=json.dumps({"chekout": "1"})).startswith("There is no chekout. There are: sql, api, ")
    assert refusal(python, secrets=json.dumps({"login": "x"})).startswith("There is no login. There are: database, ")


def test_a_secret_may_have_a_name_of_its_own(python: Path) -> None:
    program = build(python, secrets=json.dumps({"cookie-key": "team/cookies"}))
    [found] = [
        one["valueFrom"] for one in program.container("home")["secrets"] if one["name"] == "CHEMTRACK_COOKIE_KEY"
    ]
    assert found == "<secret team/cookies>"


def test_clients_can_be_named(python: Path) -> None:
    program = build(python, clients=json.dumps(["198.51.100.0/24", "203.0.113.0/24"]))
    rules = [rule for rule in program.of_type("vpc/securityGroupIngressRule").values() if "cidrIpv4" in rule]
    assert sorted((rule["cidrIpv4"], rule["toPort"]) for rule in rules) == [
        ("198.51.100.0/24", 80),
        ("198.51.100.0/24", 443),
        ("203.0.113.0/24", 80),
        ("203.0.113.0/24", 443),
    ]


def test_sites_that_may_call_are_told_to_programs_alone(python: Path) -> None:
    program = build(python, origins="curie:https://eln.example.edu")
    for page, told in (("programs", ["curie:https://eln.example.edu"]), ("home", []), ("api", [])):
        environment = program.container(page)["environment"]
        assert [one["value"] for one in environment if one["name"] == "CHEMTRACK_ORIGINS"] == told


def test_every_name_is_its_type_then_the_environment(program: Program) -> None:
    for name, one in program.made.items():
        assert re.fullmatch(r"[a-z][a-z0-9-]*-test", name), name
        said = plain(one["inputs"])
        if one["type"].startswith("aws:"):
            given = said.get("name") or said.get("identifier") or said.get("family") or said.get("tags", {}).get("Name")
            assert given is None or re.search(rf"(^|/){re.escape(name)}$|-test(/[a-z]+)?$", given), (name, given)


# Type and property of the program, and the same in CloudFormation, whose bound test_names.py knows
LONGEST = {
    ("lb/targetGroup", "name"): ("AWS::ElasticLoadBalancingV2::TargetGroup", "Name"),
    ("lb/loadBalancer", "name"): ("AWS::ElasticLoadBalancingV2::LoadBalancer", "Name"),
    ("iam/role", "name"): ("AWS::IAM::Role", "RoleName"),
    ("rds/instance", "identifier"): ("AWS::RDS::DBInstance", "DBInstanceIdentifier"),
}


@pytest.mark.parametrize("kind", LONGEST, ids=" ".join)
def test_the_longest_names_fit(program: Program, kind: tuple[str, str]) -> None:
    page, environment = 11, 10  # the most letters that service.yaml takes
    for name, one in program.of_type(kind[0]).items():
        stem = re.sub(r"(?<=target-|t-role-|n-role-).*", "p" * page, name)
        assert len(f"{stem}-{'e' * environment}") <= BOUNDS[LONGEST[kind]], name
        assert one[kind[1]] == f"{name}-test"


def test_a_single_sign_on_is_told_to_the_api_and_its_name_to_the_pages(python: Path) -> None:
    arn = "arn:aws:secretsmanager:us-east-2:123456789012:secret:client"
    given = {"name": "Example University", "issuer": "https://idp.example", "client": "chemtrack", "secretArn": arn}
    program = build(python, singleSignOn=json.dumps(given))
    said = {one["name"]: one["value"] for one in program.container("api")["environment"]}
    expected = {"ISSUER": "https://idp.example", "CLIENT": "chemtrack", "SECRET": arn, "CLAIM": "preferred_username"}
    assert {name: said[f"CHEMTRACK_SINGLE_SIGN_ON_{name}"] for name in expected} == expected
    page = {one["name"]: one["value"] for one in program.container("checkout")["environment"]}
    assert page["CHEMTRACK_SINGLE_SIGN_ON"] == "Example University"
    assert {"secretsmanager:GetSecretValue"} == {
        action for one in program.statements("task-role-api") if one["Resource"] == arn for action in one["Action"]
    }
    assert arn not in str(program.statements("task-role-checkout"))


def test_half_a_single_sign_on_is_refused(python: Path) -> None:
    half = json.dumps({"issuer": "https://idp.example"})
    assert refusal(python, singleSignOn=half) == "singleSignOn needs name, issuer, client and secretArn."
