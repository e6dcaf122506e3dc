"""What the roles that Pulumi makes allow: each statement, and no other."""

import json
from typing import Any

import pytest

from tests.installation import PAGES
from tests.lib.program import Program

EXECUTION_SECRETS = {
    "sql": ["database", "chemuser", "chemadmin"],
    "api": ["service-token", "chemuser", "chemadmin"],
    **{page: ["service-token", "cookie-key"] for page in PAGES},
}
each_task = pytest.mark.parametrize("name", EXECUTION_SECRETS)


def of(program: Program, role: str, action: str) -> dict[str, Any]:
    """The only statement of the role with this action."""
    [found] = [one for one in program.statements(role) if action in one["Action"]]
    assert found["Effect"] == "Allow"
    return found


@each_task
def test_ecs_may_fetch_the_image_of_the_task_and_no_other(program: Program, name: str) -> None:
    statement = of(program, f"execution-role-{name}", "ecr:BatchGetImage")
    assert statement["Resource"] == f"<repository-{name}-test.arn>"
    assert sorted(statement["Action"]) == [
        "ecr:BatchCheckLayerAvailability",
        "ecr:BatchGetImage",
        "ecr:GetDownloadUrlForLayer",
    ]


@each_task
def test_only_signing_in_at_the_registry_is_allowed_with_everything(program: Program, name: str) -> None:
    with_everything = [
        one["Action"]
        for role in (f"execution-role-{name}", f"task-role-{name}")
        for one in program.statements(role)
        if one["Resource"] == "*"
    ]
    assert with_everything == ["ecr:GetAuthorizationToken"]


@each_task
def test_ecs_may_write_the_log_of_the_task_and_no_other(program: Program, name: str) -> None:
    statement = of(program, f"execution-role-{name}", "logs:PutLogEvents")
    assert sorted(statement["Action"]) == ["logs:CreateLogStream", "logs:PutLogEvents"]
    assert statement["Resource"] == f"<log-group-{name}-test.arn>:*"


@each_task
def test_ecs_may_read_the_secrets_of_the_task_and_no_other(program: Program, name: str) -> None:
    statement = of(program, f"execution-role-{name}", "secretsmanager:GetSecretValue")
    assert statement["Action"] == "secretsmanager:GetSecretValue"
    assert statement["Resource"] == [f"<secret {secret}-test>" for secret in EXECUTION_SECRETS[name]]


@each_task
def test_ecs_may_do_nothing_else(program: Program, name: str) -> None:
    assert len(program.statements(f"execution-role-{name}")) == 4


def test_the_api_may_read_and_write_logins_and_nothing_else(program: Program) -> None:
    assert program.statements("task-role-api") == [
        {
            "Effect": "Allow",
            "Action": ["secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue"],
            "Resource": "<secret logins-test>",
        }
    ]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_may_use_the_table_of_sessions_and_nothing_else(program: Program, page: str) -> None:
    assert program.statements(f"task-role-{page}") == [
        {
            "Effect": "Allow",
            "Action": ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:DeleteItem"],
            "Resource": "<user-sessions-test.arn>",
        }
    ]


def test_the_task_sql_may_do_nothing_with_aws(program: Program) -> None:
    assert "taskRoleArn" not in program["task-sql"]
    assert "task-role-sql-test" not in program.made


def test_every_task_has_its_own_roles(program: Program) -> None:
    for name in EXECUTION_SECRETS:
        assert program[f"task-{name}"]["executionRoleArn"] == f"<execution-role-{name}-test.arn>"
        if name != "sql":
            assert program[f"task-{name}"]["taskRoleArn"] == f"<task-role-{name}-test.arn>"
    roles = program.of_type("iam/role")
    assert set(roles) == {f"execution-role-{name}" for name in EXECUTION_SECRETS} | {
        f"task-role-{name}" for name in EXECUTION_SECRETS if name != "sql"
    }


def test_only_tasks_of_this_account_take_a_role(program: Program) -> None:
    for role in program.of_type("iam/role").values():
        [statement] = json.loads(role["assumeRolePolicy"])["Statement"]
        assert statement == {
            "Effect": "Allow",
            "Principal": {"Service": "ecs-tasks.amazonaws.com"},
            "Action": "sts:AssumeRole",
            "Condition": {"StringEquals": {"aws:SourceAccount": "123456789012"}},
        }
        assert not {"managedPolicyArns", "inlinePolicies"} & set(role)


def test_there_are_no_other_policies(program: Program) -> None:
    kinds = {one["type"] for one in program.made.values() if one["type"].startswith("aws:iam/")}
    assert kinds == {"aws:iam/role:Role", "aws:iam/rolePolicy:RolePolicy"}
    assert {policy["role"] for policy in program.of_type("iam/rolePolicy").values()} == {
        role["name"] for role in program.of_type("iam/role").values()
    }
