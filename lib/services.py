"""The API and the pages: a service of ECS each. The API has no rule of the load balancer: only pages reach it, by Service Connect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from alarms import make_alarm, watch_api_log
from balancer import HEALTH, Balancer
from cluster import Cluster
from existing import Secrets
from registry import Registry
from settings import PORT, REGION, Settings
from tasks import Container, Right, Task

API_HOST = "chemtrack-api"
IS_HEALTHY = f"import urllib.request as u; u.urlopen('http://127.0.0.1:{PORT}{HEALTH}', timeout=4)"
SERVES: dict[str, Any] = {
    "portMappings": [{"name": "http", "containerPort": PORT, "protocol": "tcp", "appProtocol": "http"}],
    # VOLUME in the Dockerfiles makes /tmp writable for the image's user. It is encrypted, and deleted with the task.
    "mountPoints": [{"sourceVolume": "tmp", "containerPath": "/tmp", "readOnly": False}],  # noqa: S108
    "healthCheck": {
        "command": ["CMD", "python", "-c", IS_HEALTHY],
        "interval": 30,
        "timeout": 5,
        "retries": 3,
        "startPeriod": 30,
    },
    "stopTimeout": 45,  # gunicorn lets requests end for 30 s
}


@dataclass(frozen=True)
class Surroundings:
    """What the services are made in."""

    settings: Settings
    cluster: Cluster
    registry: Registry
    secrets: Secrets
    balancer: Balancer
    subnets: list[pulumi.Output[str]]
    security_groups: dict[str, pulumi.Output[str]]


class Service(pulumi.ComponentResource):
    """A service and the scaling of its tasks. `what` is api or a page."""

    def __init__(
        self,
        within: Surroundings,
        what: str,
        container: Container,
        rights: list[Right],
        opts: pulumi.ResourceOptions,
        after: list[pulumi.Resource],
    ) -> None:
        settings = within.settings
        super().__init__("chemtrack:aws:Service", settings.name("service-of", what), None, opts)
        self._settings, self._what, self._child = settings, what, pulumi.ResourceOptions(parent=self)
        self._cluster = within.cluster.name
        is_api = what == "api"
        target = None if is_api else within.balancer.target_groups[what]
        self.task = Task(
            settings,
            what,
            within.registry.repositories[what],
            within.registry.address(what),
            container,
            rights,
            self._child,
        )
        name = settings.name("service", what)
        self.service = aws.ecs.Service(
            name,
            name=name,
            cluster=within.cluster.name,
            launch_type="FARGATE",
            task_definition=self.task.definition.arn,
            desired_count=settings.figures.min_tasks,
            deployment_minimum_healthy_percent=100,
            deployment_maximum_percent=150,
            deployment_circuit_breaker={"enable": True, "rollback": True},
            health_check_grace_period_seconds=60 if target else None,
            network_configuration={
                "subnets": within.subnets,
                "security_groups": [within.security_groups["api" if is_api else "pages"]],
                "assign_public_ip": False,
            },
            load_balancers=[{"container_name": what, "container_port": PORT, "target_group_arn": target.arn}]
            if target
            else None,
            service_connect_configuration={
                "enabled": True,
                "namespace": within.cluster.namespace,
                "services": [
                    {
                        "port_name": "http",
                        "discovery_name": API_HOST,
                        "client_alias": [{"dns_name": API_HOST, "port": PORT}],
                        # Without this Service Connect ends a request after 15 s, in the middle of a long import or export.
                        "timeout": {"per_request_timeout_seconds": 900, "idle_timeout_seconds": 900},
                    }
                ]
                if is_api
                else [],
            },
            propagate_tags="SERVICE",
            wait_for_steady_state=True,
            # Scaling changes the number of tasks; a deployment keeps what it chose.
            opts=pulumi.ResourceOptions(
                parent=self, depends_on=[*after, *within.balancer.rules], ignore_changes=["desiredCount"]
            ),
        )
        self._scale()
        self._watch(within.balancer)
        self.register_outputs({})

    def _scale(self) -> None:
        figures = self._settings.figures
        target = aws.appautoscaling.Target(
            self._settings.name("scaling-target", self._what),
            service_namespace="ecs",
            scalable_dimension="ecs:service:DesiredCount",
            resource_id=pulumi.Output.format("service/{0}/{1}", self._cluster, self.service.name),
            min_capacity=figures.min_tasks,
            max_capacity=figures.max_tasks,
            opts=self._child,
        )
        name = self._settings.name("scaling-policy", self._what)
        aws.appautoscaling.Policy(
            name,
            name=name,
            policy_type="TargetTrackingScaling",
            service_namespace=target.service_namespace,
            scalable_dimension=target.scalable_dimension,
            resource_id=target.resource_id,
            target_tracking_scaling_policy_configuration={
                "target_value": figures.target_cpu,
                "scale_in_cooldown": figures.cooldown_seconds,
                "scale_out_cooldown": figures.cooldown_seconds,
                "predefined_metric_specification": {"predefined_metric_type": "ECSServiceAverageCPUUtilization"},
            },
            opts=self._child,
        )

    def _watch(self, balancer: Balancer) -> None:
        make_alarm(
            self._settings,
            f"{self._what}-cpu",
            "AWS/ECS CPUUtilization",
            {"ClusterName": self._cluster, "ServiceName": self.service.name},
            "The tasks compute at more than 90 % for a quarter of an hour, so scaling has come to its end.",
            threshold=90,
            statistic="Average",
            periods=3,
            opts=self._child,
        )
        if self._what == "api":
            watch_api_log(self._settings, self.task.log_group, self._child)
            return
        of = {
            "TargetGroup": balancer.target_groups[self._what].arn_suffix,
            "LoadBalancer": balancer.load_balancer.arn_suffix,
        }
        make_alarm(
            self._settings,
            f"{self._what}-unhealthy",
            "AWS/ApplicationELB UnHealthyHostCount",
            of,
            "A task of this page has not answered its health check for five minutes.",
            threshold=0,
            statistic="Maximum",
            period=60,
            periods=5,
            comes_with_events=True,
            opts=self._child,
        )
        make_alarm(
            self._settings,
            f"{self._what}-5xx",
            "AWS/ApplicationELB HTTPCode_Target_5XX_Count",
            of,
            "This page answered with more than five errors in five minutes.",
            threshold=5,
            statistic="Sum",
            comes_with_events=True,
            opts=self._child,
        )


def make_api(
    within: Surroundings, database: pulumi.Output[str], opts: pulumi.ResourceOptions, after: list[pulumi.Resource]
) -> Service:
    """The API. Its logins are read and written at run time; the passwords of its two database users are in its environment."""
    arns, sign_on = within.secrets.arns, within.settings.single_sign_on
    container = Container(
        environment={
            "AWS_DEFAULT_REGION": REGION,
            "CHEMTRACK_DATABASE_HOST": database,
            # Connect only to a database with RDS's name and a certificate of RDS's authorities, which the image holds
            "CHEMTRACK_DATABASE_SSLMODE": "verify-full",
            "CHEMTRACK_DATABASE_SSLROOTCERT": "/etc/ssl/rds.pem",
            "CHEMTRACK_LOGIN_SECRETS": arns["logins"].apply(lambda arn: f'["{arn}"]'),
            "CHEMTRACK_ADDRESS": within.settings.address,
            "CHEMTRACK_ADMINISTRATORS_NEED_SECOND_FACTOR": "true"
            if within.settings.administrators_need_second_factor
            else "false",
            "CHEMTRACK_EVERYBODY_NEEDS_SECOND_FACTOR": "true"
            if within.settings.everybody_needs_second_factor
            else "false",
            "CHEMTRACK_SINGLE_SIGN_ON_ISSUER": sign_on.get("issuer", ""),
            "CHEMTRACK_SINGLE_SIGN_ON_CLIENT": sign_on.get("client", ""),
            "CHEMTRACK_SINGLE_SIGN_ON_SECRET": sign_on.get("secretArn", ""),
            "CHEMTRACK_SINGLE_SIGN_ON_CLAIM": sign_on.get("claim", "preferred_username"),
            # Connections of a task: workers × (chemuser + chemadmin) = 5
            "WEB_CONCURRENCY": "1",
            "CHEMTRACK_CHEMUSER_POOL": "3",
            "CHEMTRACK_CHEMADMIN_POOL": "2",
            # Longer than Service Connect keeps an idle connection, so that it never sends a request on one that was just closed
            "UVICORN_TIMEOUT_KEEP_ALIVE": "960",
        },
        secrets={
            "CHEMTRACK_SERVICE_TOKEN": arns["service-token"],
            "CHEMTRACK_CHEMUSER_PASSWORD": arns["chemuser"],
            "CHEMTRACK_CHEMADMIN_PASSWORD": arns["chemadmin"],
        },
        # api/Dockerfile's own command, with the port of this deployment
        more=SERVES | {"command": ["python", "-m", "api", "--host", "0.0.0.0", "--port", str(PORT)]},  # noqa: S104
    )
    rights = [Right(("secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue"), arns["logins"])]
    if sign_on:
        rights.append(Right(("secretsmanager:GetSecretValue",), pulumi.Output.from_input(sign_on["secretArn"])))
    return Service(within, "api", container, rights, opts, after)


def make_page(
    within: Surroundings, page: str, sessions: aws.dynamodb.Table, opts: pulumi.ResourceOptions, api: Service
) -> Service:
    """A page. Service Connect shows a task only those services that exist when it starts, so that the API comes first."""
    arns = within.secrets.arns
    container = Container(
        environment={
            "AWS_DEFAULT_REGION": REGION,
            "CHEMTRACK_API_URL": f"http://{API_HOST}:{PORT}",
            "CHEMTRACK_BIND": f"0.0.0.0:{PORT}",
            "CHEMTRACK_WORKERS": "2",
            "CHEMTRACK_SINGLE_SIGN_ON": within.settings.single_sign_on.get("name", ""),
            "CHEMTRACK_SESSIONS_TABLE": sessions.name,
            **({"CHEMTRACK_ORIGINS": within.settings.origins} if page == "programs" else {}),
        },
        secrets={"CHEMTRACK_SERVICE_TOKEN": arns["service-token"], "CHEMTRACK_COOKIE_KEY": arns["cookie-key"]},
        more=SERVES,
    )
    rights = [Right(("dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:DeleteItem"), sessions.arn)]
    return Service(within, page, container, rights, opts, [api.service])
