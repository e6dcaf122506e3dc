"""Who may reach whom: a security group for each part, and a rule on both sides of each way between two of them."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws

from network import ANYWHERE
from settings import DATABASE_PORT, PORT, Settings

PARTS = {
    "alb": "The load balancer; on port 80 it only redirects",
    "pages": "The pages",
    "api": "The API, which only pages reach",
    "sql": "The one-off task; nobody calls it",
    "database": "PostgreSQL, which calls nobody",
}
WAYS = (
    ("alb", "pages", PORT),
    ("pages", "api", PORT),
    ("api", "database", DATABASE_PORT),
    ("sql", "database", DATABASE_PORT),
)
ASKS_AWS = ("pages", "api", "sql")
"""The parts that are tasks: they reach AWS itself (images, secrets, logs, the table of sessions) through the NAT gateways."""


class Access(pulumi.ComponentResource):
    """`ids` has the id of each part's security group."""

    def __init__(self, settings: Settings, vpc_id: pulumi.Output[str], opts: pulumi.ResourceOptions) -> None:
        super().__init__("chemtrack:aws:Access", settings.name("access"), None, opts)
        self._settings, self._child = settings, pulumi.ResourceOptions(parent=self)
        self.ids: dict[str, pulumi.Output[str]] = {}
        for part, description in PARTS.items():
            name = settings.name("security-group", part)
            # Without rules of its own a group lets nothing in and nothing out: the provider takes away the rule that AWS adds.
            group = aws.ec2.SecurityGroup(
                name, name=name, description=description, vpc_id=vpc_id, tags={"Name": name}, opts=self._child
            )
            self.ids[part] = group.id
        for source, target, port in WAYS:
            self._let_out(source, port, f"To {target}", group=self.ids[target])
            self._let_in(target, port, f"From {source}", group=self.ids[source])
        for part in ASKS_AWS:
            self._let_out(part, 443, "To AWS itself", cidr=ANYWHERE)
        for number, cidr in enumerate(settings.clients, start=1):
            self._let_in("alb", 443, f"From clients {number}", cidr=cidr)
            self._let_in("alb", 80, f"From clients without https {number}", cidr=cidr)
        self.register_outputs({})

    def _let_out(
        self, part: str, port: int, why: str, group: pulumi.Output[str] | None = None, cidr: str | None = None
    ) -> None:
        name = self._settings.name("egress", part, *why.lower().split())
        aws.vpc.SecurityGroupEgressRule(
            name,
            security_group_id=self.ids[part],
            referenced_security_group_id=group,
            cidr_ipv4=cidr,
            ip_protocol="tcp",
            from_port=port,
            to_port=port,
            description=why,
            tags={"Name": name},
            opts=self._child,
        )

    def _let_in(
        self, part: str, port: int, why: str, group: pulumi.Output[str] | None = None, cidr: str | None = None
    ) -> None:
        name = self._settings.name("ingress", part, *why.lower().split())
        aws.vpc.SecurityGroupIngressRule(
            name,
            security_group_id=self.ids[part],
            referenced_security_group_id=group,
            cidr_ipv4=cidr,
            ip_protocol="tcp",
            from_port=port,
            to_port=port,
            description=why,
            tags={"Name": name},
            opts=self._child,
        )
