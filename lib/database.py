"""PostgreSQL on RDS, in the private subnets."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws

from alarms import BELOW, make_alarm
from existing import Owner
from settings import DATABASE_PORT, Settings

VERSION = "17"
CONNECTIONS = 100
"""PostgreSQL's max_connections. The API takes up to 75 (service.py), and docs/aws.md has the sum."""


class Database(pulumi.ComponentResource):
    """`host` is the name that the database's certificate carries."""

    def __init__(
        self,
        settings: Settings,
        subnets: list[pulumi.Output[str]],
        security_group: pulumi.Output[str],
        owner: pulumi.Output[Owner],
        opts: pulumi.ResourceOptions,
    ) -> None:
        super().__init__("chemtrack:aws:Database", settings.name("database"), None, opts)
        child = pulumi.ResourceOptions(parent=self)
        name = settings.name("rds")
        # RDS would make these log groups by itself, keep their lines for ever, and leave the groups behind.
        logs = [
            aws.cloudwatch.LogGroup(
                settings.name("log-group-rds", kind),
                name=f"/aws/rds/instance/{name}/{kind}",
                retention_in_days=settings.figures.log_days,
                opts=child,
            )
            for kind in ("postgresql", "upgrade")
        ]
        group = settings.name("subnet-group")
        subnet_group = aws.rds.SubnetGroup(
            group, name=group, description="Private subnets of ChemTrack", subnet_ids=subnets, opts=child
        )
        group = settings.name("parameter-group")
        # pending-reboot: RDS sets all of them when the database is made; later max_connections changes only at a restart.
        parameters = {
            "rds.force_ssl": "1",
            "max_connections": str(CONNECTIONS),
            "log_min_duration_statement": "1000",  # milliseconds
            # No value of a statement in the log (what people searched for), nor DETAIL, which quotes whole rows
            "log_parameter_max_length": "0",
            "log_parameter_max_length_on_error": "0",
            "log_error_verbosity": "terse",
        }
        parameter_group = aws.rds.ParameterGroup(
            group,
            name=group,
            family=f"postgres{VERSION}",
            description="TLS only, and as many connections as the pools of the API can take",
            parameters=[
                {"name": key, "value": value, "apply_method": "pending-reboot"} for key, value in parameters.items()
            ],
            opts=child,
        )
        instance = aws.rds.Instance(
            name,
            identifier=name,
            engine="postgres",
            engine_version=VERSION,
            auto_minor_version_upgrade=True,
            instance_class="db.t3.micro",
            storage_type="gp3",
            allocated_storage=20,
            max_allocated_storage=1000,
            storage_encrypted=True,
            db_name=owner.apply(lambda known: known.database),
            username=owner.apply(lambda known: known.user),
            password=owner.apply(lambda known: known.password),
            port=DATABASE_PORT,
            db_subnet_group_name=subnet_group.name,
            parameter_group_name=parameter_group.name,
            vpc_security_group_ids=[security_group],
            publicly_accessible=False,
            backup_retention_period=settings.figures.backup_days,
            copy_tags_to_snapshot=True,
            enabled_cloudwatch_logs_exports=["postgresql", "upgrade"],
            skip_final_snapshot=True,
            delete_automated_backups=True,
            deletion_protection=False,
            opts=pulumi.ResourceOptions(parent=self, depends_on=logs),
        )
        self.host = instance.address
        of = {"DBInstanceIdentifier": instance.identifier}
        make_alarm(
            settings,
            "database-cpu",
            "AWS/RDS CPUUtilization",
            of,
            "The database computes at more than 80 % for a quarter of an hour.",
            threshold=80,
            statistic="Average",
            periods=3,
            opts=child,
        )
        make_alarm(
            settings,
            "database-storage",
            "AWS/RDS FreeStorageSpace",
            of,
            "Less than 2 GiB of the database's storage is free, and RDS has not made it grow.",
            threshold=2 * 1024**3,
            statistic="Minimum",
            operator=BELOW,
            opts=child,
        )
        make_alarm(
            settings,
            "database-connections",
            "AWS/RDS DatabaseConnections",
            of,
            "Four fifths of the database's connections are taken.",
            threshold=CONNECTIONS * 4 // 5,
            statistic="Maximum",
            period=60,
            periods=3,
            opts=child,
        )
        self.register_outputs({})
