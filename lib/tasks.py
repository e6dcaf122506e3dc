"""A task of Fargate: its log group, its two roles and its one container.

ECS itself uses the execution role (for the image, the log and the secrets of the environment); the program in the container uses the task
role.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from settings import REGION, Settings


@dataclass(frozen=True)
class Container:
    """What is told to the container: variables, secrets by the name of their variable, and more of ECS's own settings."""

    environment: Mapping[str, pulumi.Input[str]]
    secrets: Mapping[str, pulumi.Output[str]]
    more: Mapping[str, Any]


@dataclass(frozen=True)
class Right:
    """What the program in the container may do, and with what."""

    actions: Sequence[str]
    resource: pulumi.Output[str]


class Task(pulumi.ComponentResource):
    """`definition` is what runs, `log_group` holds its log. The streams of the log begin with the family of the task."""

    def __init__(
        self,
        settings: Settings,
        what: str,
        repository: aws.ecr.Repository,
        image: pulumi.Output[str],
        container: Container,
        rights: Sequence[Right],
        opts: pulumi.ResourceOptions,
    ) -> None:
        super().__init__("chemtrack:aws:Task", settings.name("task-of", what), None, opts)
        self._settings, self._what, self._child = settings, what, pulumi.ResourceOptions(parent=self)
        self.family = settings.name("task", what)
        logs = aws.cloudwatch.LogGroup(
            settings.name("log-group", what),
            name=f"/ecs/{self.family}",
            retention_in_days=settings.figures.log_days,
            opts=self._child,
        )
        self.log_group = logs.name
        start: list[dict[str, Any]] = [
            {"Effect": "Allow", "Action": "ecr:GetAuthorizationToken", "Resource": "*"},  # IAM cannot limit this action
            {
                "Effect": "Allow",
                "Action": ["ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"],
                "Resource": repository.arn,
            },
            {
                "Effect": "Allow",
                "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
                "Resource": pulumi.Output.format("{0}:*", logs.arn),
            },
            {
                "Effect": "Allow",
                "Action": "secretsmanager:GetSecretValue",
                "Resource": list(container.secrets.values()),
            },
        ]
        execution, allowed = self._role("execution-role", start)
        after = [allowed]
        task_role = None
        if rights:
            statements = [{"Effect": "Allow", "Action": list(one.actions), "Resource": one.resource} for one in rights]
            task_role, allowed = self._role("task-role", statements)
            after.append(allowed)
        definition: dict[str, Any] = {
            "name": what,
            "image": image,
            "essential": True,
            "user": "1000",
            "readonlyRootFilesystem": True,
            "linuxParameters": {"capabilities": {"drop": ["ALL"]}},
            "environment": [{"name": name, "value": value} for name, value in container.environment.items()],
            "secrets": [{"name": name, "valueFrom": arn} for name, arn in container.secrets.items()],
            "logConfiguration": {
                "logDriver": "awslogs",
                "options": {
                    "awslogs-group": logs.name,
                    "awslogs-region": REGION,
                    "awslogs-stream-prefix": self.family,
                },
            },
            **container.more,
        }
        self.definition = aws.ecs.TaskDefinition(
            self.family,
            family=self.family,
            requires_compatibilities=["FARGATE"],
            network_mode="awsvpc",
            cpu=str(settings.figures.cpu),
            memory=str(settings.figures.memory),
            runtime_platform={"cpu_architecture": "X86_64", "operating_system_family": "LINUX"},
            execution_role_arn=execution.arn,
            task_role_arn=task_role.arn if task_role else None,
            volumes=[{"name": mount["sourceVolume"]} for mount in definition.get("mountPoints", [])],
            container_definitions=pulumi.Output.json_dumps([definition]),
            opts=pulumi.ResourceOptions(parent=self, depends_on=after),
        )
        self.register_outputs({})

    def _role(self, kind: str, statements: list[dict[str, Any]]) -> tuple[aws.iam.Role, aws.iam.RolePolicy]:
        """A role that only ECS's tasks of this account take, with these rights and no other."""
        account = aws.get_caller_identity_output(opts=pulumi.InvokeOutputOptions(parent=self)).account_id
        trust = account.apply(
            lambda number: json.dumps(
                {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Principal": {"Service": "ecs-tasks.amazonaws.com"},
                            "Action": "sts:AssumeRole",
                            "Condition": {"StringEquals": {"aws:SourceAccount": number}},
                        }
                    ],
                }
            )
        )
        name = self._settings.name(kind, self._what)
        role = aws.iam.Role(name, name=name, assume_role_policy=trust, opts=self._child)
        name = self._settings.name(f"{kind}-policy", self._what)
        policy = aws.iam.RolePolicy(
            name,
            name=name,
            role=role.name,
            policy=pulumi.Output.json_dumps({"Version": "2012-10-17", "Statement": statements}),
            opts=self._child,
        )
        return role, policy
