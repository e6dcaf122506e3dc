"""ChemTrack in AWS, in us-east-2: each part is a component in a module of its own. docs/aws.md says how it is deployed."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws

from access import Access
from apply_sql import make_sql
from balancer import Balancer
from cluster import Cluster
from database import Database
from existing import Secrets
from network import Network
from registry import Registry
from services import Surroundings, make_api, make_page
from sessions import Sessions
from settings import REGION, read_settings

settings = read_settings()
provider = aws.Provider(
    settings.name("aws"), region=REGION, default_tags={"tags": {"chemtrack-environment": settings.suffix}}
)
here = pulumi.ResourceOptions(provider=provider)

network = Network(settings, here)
access = Access(settings, network.vpc.id, here)
registry = Registry(settings, here)
secrets = Secrets(settings, here)
cluster = Cluster(settings, here)
sessions = Sessions(settings, here)
database = Database(settings, network.private, access.ids["database"], secrets.owner, here)
balancer = Balancer(settings, network.vpc.id, network.public, access.ids["alb"], here)

if settings.tag:  # else there is no image yet
    within = Surroundings(settings, cluster, registry, secrets, balancer, network.private, access.ids)
    applied = make_sql(within, database.host, here)
    api = make_api(within, database.host, here, [applied])
    for page in settings.pages:
        make_page(within, page.name, sessions.table, here, api)

pulumi.export("loadBalancerDnsName", balancer.load_balancer.dns_name)
pulumi.export("databaseHost", database.host)
pulumi.export("cluster", cluster.name)
pulumi.export("vpcId", network.vpc.id)
pulumi.export("repositories", {image: made.repository_url for image, made in registry.repositories.items()})
