"""The VPC: two public and two private subnets over two zones. What is private leaves by a NAT gateway in its own zone."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws

from settings import ZONES, Settings

VPC_CIDR = "10.0.0.0/16"
PUBLIC_CIDRS = ("10.0.1.0/24", "10.0.2.0/24")
PRIVATE_CIDRS = ("10.0.3.0/24", "10.0.4.0/24")
ANYWHERE = "0.0.0.0/0"


class Network(pulumi.ComponentResource):
    """`public` has the ids of the load balancer's subnets, `private` those of the subnets of tasks and database."""

    def __init__(self, settings: Settings, opts: pulumi.ResourceOptions) -> None:
        super().__init__("chemtrack:aws:Network", settings.name("network"), None, opts)
        self._settings, self._child = settings, pulumi.ResourceOptions(parent=self)
        name = settings.name("vpc")
        self.vpc = aws.ec2.Vpc(
            name,
            cidr_block=VPC_CIDR,
            enable_dns_hostnames=True,
            enable_dns_support=True,
            tags={"Name": name},
            opts=self._child,
        )
        name = settings.name("internet-gateway")
        gateway = aws.ec2.InternetGateway(name, vpc_id=self.vpc.id, tags={"Name": name}, opts=self._child)
        outside = self._route_table("public")
        aws.ec2.Route(
            settings.name("route-public"),
            route_table_id=outside.id,
            destination_cidr_block=ANYWHERE,
            gateway_id=gateway.id,
            opts=self._child,
        )
        self.public = [
            self._subnet(f"public-{zone[-1]}", zone, cidr, outside)
            for zone, cidr in zip(ZONES, PUBLIC_CIDRS, strict=True)
        ]
        self.private = [
            self._subnet(f"private-{zone[-1]}", zone, cidr, self._way_out(zone[-1], public, gateway))
            for zone, cidr, public in zip(ZONES, PRIVATE_CIDRS, self.public, strict=True)
        ]
        self.register_outputs({})

    def _route_table(self, which: str) -> aws.ec2.RouteTable:
        name = self._settings.name("route-table", which)
        return aws.ec2.RouteTable(name, vpc_id=self.vpc.id, tags={"Name": name}, opts=self._child)

    def _subnet(self, which: str, zone: str, cidr: str, routes: aws.ec2.RouteTable) -> pulumi.Output[str]:
        name = self._settings.name("subnet", which)
        subnet = aws.ec2.Subnet(
            name,
            vpc_id=self.vpc.id,
            availability_zone=zone,
            cidr_block=cidr,
            map_public_ip_on_launch=False,
            tags={"Name": name},
            opts=self._child,
        )
        aws.ec2.RouteTableAssociation(
            self._settings.name("routes", which), subnet_id=subnet.id, route_table_id=routes.id, opts=self._child
        )
        return subnet.id

    def _way_out(self, letter: str, public: pulumi.Output[str], gateway: aws.ec2.InternetGateway) -> aws.ec2.RouteTable:
        """Routes that lead through a NAT gateway of this zone, so that a zone which fails cuts off no other."""
        name = self._settings.name("eip", letter)
        after = pulumi.ResourceOptions(parent=self, depends_on=[gateway])
        address = aws.ec2.Eip(name, domain="vpc", tags={"Name": name}, opts=after)
        name = self._settings.name("nat", letter)
        nat = aws.ec2.NatGateway(
            name, allocation_id=address.allocation_id, subnet_id=public, tags={"Name": name}, opts=after
        )
        routes = self._route_table(f"private-{letter}")
        aws.ec2.Route(
            self._settings.name("route-private", letter),
            route_table_id=routes.id,
            destination_cidr_block=ANYWHERE,
            nat_gateway_id=nat.id,
            opts=self._child,
        )
        return routes
