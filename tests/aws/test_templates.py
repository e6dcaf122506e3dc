"""Rules for all templates: parameters, exports, rights, logs, and that everything can be destroyed.

cfn-lint, which tests/run calls, checks each template by itself.
"""

import json
import re
from typing import Any

import pytest

from tests.aws.templates import FIGURES, FOLDER, Stack, find, load, names, whole
from tests.conftest import ROOT

EXISTING = {  # the values of the VPC that exists
    "VpcId": "vpc-019e35a7f8ca205e5",
    "PrivateSubnetIds": "subnet-08de8ae010ebfa1f3,subnet-0205ddf1053073b5c",
    "IntranetSubnetIds": "subnet-0ee959776d1683aa5,subnet-07257f93f815ce77c",
}
NO_RESOURCE = {"ecr:GetAuthorizationToken", "elasticloadbalancing:DescribeTargetHealth"}
"""Actions for which AWS knows no resource but the star."""
PAGES = sorted(path.parent.name for path in (ROOT / "pages").glob("*/page.py"))
ROUTES: dict[str, Any] = json.loads((FOLDER / "pages.json").read_text())


@pytest.fixture(scope="module")
def stacks() -> dict[str, Stack]:
    return whole(AlarmTopicArn="arn:aws:sns:us-east-1:123456789012:alarms", UseSessionsTable="yes")


@pytest.mark.parametrize("name", names())
def test_a_template_goes_to_cloudformation_without_a_bucket(name: str) -> None:
    assert (FOLDER / f"{name}.yaml").stat().st_size <= 51_200


@pytest.mark.parametrize("name", names())
def test_every_parameter_is_explained_in_a_sentence_and_says_what_is_wrong(name: str) -> None:
    for parameter, said in load(name)["Parameters"].items():
        assert re.match(r"[A-Z].*\.$", said["Description"]), parameter
        if "AllowedPattern" in said:
            assert said["ConstraintDescription"], parameter
            assert re.fullmatch(said["AllowedPattern"], said.get("Default", "dev")) or "Default" not in said, parameter
        elif said["Type"] == "String" and parameter != "ExistingClusterName":
            assert said["AllowedValues"], f"{parameter} takes any text"


@pytest.mark.parametrize("name", names())
def test_vpc_and_subnets_are_parameters_of_their_own_types(name: str) -> None:
    types = {"VpcId": "AWS::EC2::VPC::Id", "PrivateSubnetIds": "List<AWS::EC2::Subnet::Id>"}
    types["IntranetSubnetIds"] = types["PrivateSubnetIds"]
    for parameter, said in load(name)["Parameters"].items():
        assert said["Type"] == types.get(parameter, said["Type"])
    assert not re.search(r"\b(vpc|subnet)-[0-9a-f]{8}", (FOLDER / f"{name}.yaml").read_text())


def test_the_example_names_the_vpc_that_exists_and_only_parameters_that_exist() -> None:
    lines = (FOLDER / "environments" / "example.parameters").read_text().splitlines()
    said = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    assert {name: said[name] for name in EXISTING} == EXISTING
    commented = {line[2:].split("=")[0] for line in lines if re.match(r"# \w+=", line)}
    known = {parameter for name in names() for parameter in load(name)["Parameters"]}
    assert (set(said) | commented) - {"OptionalStacks"} <= known


@pytest.mark.parametrize("figure", FIGURES)
def test_a_figure_is_said_in_one_place_only(figure: str) -> None:
    takers = [load(name)["Parameters"][figure] for name in names() if figure in load(name)["Parameters"]]
    assert takers
    for said in takers:
        assert "Default" not in said
        assert FIGURES[figure] in map(str, said.get("AllowedValues", [FIGURES[figure]]))
        if said["Type"] == "Number":
            assert said["MinValue"] <= int(FIGURES[figure]) <= said.get("MaxValue", 10**6)


def test_the_document_names_only_parameters_and_outputs_that_exist() -> None:
    document = (ROOT / "docs" / "aws.md").read_text()
    known = {name for stack in names() for name in load(stack)["Parameters"]} | {"OptionalStacks"}
    said = set(re.findall(r"`([A-Z][a-z]+[A-Z]\w*)(?:=[^`]*)?`", document))
    assert len(said) > 15
    assert said <= known
    outputs = set(re.findall(r"\(stack (\w+)\)", document))
    assert len(outputs) > 3
    assert outputs <= set(load("database")["Outputs"])


def test_every_export_is_imported_and_every_import_exported() -> None:
    def sub_texts(values: list[Any]) -> set[str]:
        return {value["Fn::Sub"] for value in values}

    templates = [load(name) for name in names()]
    exported = sub_texts([export["Name"] for template in templates for export in find(template, "Export")])
    imported = sub_texts([name for template in templates for name in find(template, "Fn::ImportValue")])
    assert exported == imported
    assert len(exported) > 10


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("CertificateArn", "arn:aws:acm:us-east-1:123456789012:certificate/2"),
        ("ClientCidr", "10.1.0.0/16"),
        ("ClientCidr2", "10.2.0.0/16"),
        ("DatabaseClientCidr", "10.1.0.0/16"),
        ("MoreLoginSecretArns", "arn:aws:secretsmanager:us-east-1:123456789012:secret:more"),
        ("DatabaseClass", "db.m7g.large"),
        ("PostgresVersion", "16"),
        ("MultiAz", "true"),
        ("StorageGib", "100"),
        ("DeletionProtection", "true"),
        ("AlarmTopicArn", "arn:aws:sns:us-east-1:123456789012:alarms"),
        ("MinTasks", "4"),
        ("MaxTasks", "6"),
    ],
)
def test_what_operators_change_later_changes_no_export(parameter: str, value: str) -> None:
    # CloudFormation refuses to change an export while another stack imports it.
    before, after = whole(), whole(**{parameter: value})
    assert any(after[name].resources != before[name].resources for name in before), "nothing has changed"
    assert after["api"].exports == before["api"].exports


def test_the_network_gives_the_other_stacks_their_parameters() -> None:
    wanted = {"VpcId", "VpcCidr", "PrivateSubnetIds", "IntranetSubnetIds", "PrivateRouteTableIds"}
    assert set(load("network")["Outputs"]) == wanted
    taken = {parameter for name in ("platform", "database", "endpoints") for parameter in load(name)["Parameters"]}
    assert wanted <= taken


def test_no_role_may_do_just_anything(stacks: dict[str, Stack]) -> None:
    statements = [
        statement
        for stack in stacks.values()
        for resource in stack.resources.values()
        for statements in find(resource["Properties"], "Statement")
        for statement in statements
        if statement["Effect"] == "Allow"
    ]
    assert len(statements) > 15
    for statement in statements:
        actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
        assert not any("*" in action for action in actions), statement
        assert "NotAction" not in statement
        resources = statement.get("Resource", [])
        if "*" in (resources if isinstance(resources, list) else [resources]):
            assert set(actions) <= NO_RESOURCE, statement


def test_every_role_takes_the_path_and_the_boundary_that_an_account_asks_for() -> None:
    boundary = "arn:aws:iam::123456789012:policy/boundary"
    made = 0
    for name, stack in whole(RolePath="/labs/", PermissionsBoundaryArn=boundary).items():
        for role in stack.of_type("AWS::IAM::Role").values():
            assert (role["Path"], role["PermissionsBoundary"]) == ("/labs/", boundary), name
            made += 1
    assert made == 6
    roles = [role for stack in whole().values() for role in stack.of_type("AWS::IAM::Role").values()]
    assert not any("PermissionsBoundary" in role for role in roles)


def test_logs_are_kept_seven_days_each_under_the_name_of_its_task_family(stacks: dict[str, Stack]) -> None:
    groups = [group for stack in stacks.values() for group in stack.of_type("AWS::Logs::LogGroup").values()]
    assert {group["RetentionInDays"] for group in groups} == {7}
    for name in ("service", "api", "sql"):
        task = stacks[name]["Task"]
        assert stacks[name]["Logs"]["LogGroupName"] == f"/ecs/{task['Family']}"
        log = task["ContainerDefinitions"][0]["LogConfiguration"]["Options"]
        assert log["awslogs-group"] == f"<{stacks[name].name}.Logs>"


@pytest.mark.parametrize("name", names())
def test_everything_can_be_destroyed(name: str) -> None:
    for logical, resource in load(name)["Resources"].items():
        assert resource.get("DeletionPolicy", "Delete") == "Delete", logical


def test_every_page_has_its_entry_in_pages_json() -> None:
    assert set(PAGES) <= set(ROUTES)


@pytest.mark.parametrize("page", sorted(ROUTES))
def test_a_page_fits_into_a_listeners_rule(page: str) -> None:
    paths = ROUTES[page]["paths"]
    assert 1 <= len(paths) <= 5, "a rule takes at most five patterns"
    assert all(len(path) <= 128 and re.fullmatch(r"/[A-Za-z/*]*", path) for path in paths)
    priorities = [route["priority"] for route in ROUTES.values()]
    assert len(set(priorities)) == len(priorities)
    name = load("service")["Parameters"]["Name"]["AllowedPattern"]
    assert re.fullmatch(name, page), "the name of a target group takes 32 letters"
    assert page not in {"api", "sql", "e2e", *names()}, "the stack would have the name of another one"
    assert len(Stack("service", whole()["sessions"], Name=page, Environment="test")["TargetGroup"]["Name"]) <= 26
