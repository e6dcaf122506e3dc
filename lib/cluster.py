"""Where tasks run, and the namespace in which pages find the API."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws

from settings import Settings


class Cluster(pulumi.ComponentResource):
    """`name` of the cluster, `namespace` for Service Connect."""

    def __init__(self, settings: Settings, opts: pulumi.ResourceOptions) -> None:
        super().__init__("chemtrack:aws:Cluster", settings.name("platform"), None, opts)
        name = settings.name("cluster")
        # ECS would make this log group by itself, and leave it behind.
        logs = aws.cloudwatch.LogGroup(
            settings.name("log-group-cluster"),
            name=f"/aws/ecs/containerinsights/{name}/performance",
            retention_in_days=settings.figures.log_days,
            opts=pulumi.ResourceOptions(parent=self),
        )
        cluster = aws.ecs.Cluster(
            name,
            name=name,
            settings=[{"name": "containerInsights", "value": "enabled"}],
            opts=pulumi.ResourceOptions(parent=self, depends_on=[logs]),
        )
        self.name = cluster.name
        name = settings.name("namespace")
        self.namespace = aws.servicediscovery.HttpNamespace(
            name,
            name=name,
            description="Where pages find the API by Service Connect",
            opts=pulumi.ResourceOptions(parent=self),
        ).arn
        self.register_outputs({})
