"""The task that applies sql/ to the database, as its owner. It runs to its end before any service is changed."""

from __future__ import annotations

import pulumi
from pulumi_command import local

from services import Surroundings
from settings import DATABASE_PORT
from tasks import Container, Task


def make_sql(within: Surroundings, database: pulumi.Output[str], opts: pulumi.ResourceOptions) -> local.Command:
    """The task, and what runs it: lib/run_sql.sh, again for each new definition of the task."""
    settings, arns = within.settings, within.secrets.arns
    container = Container(
        environment={
            "PGHOST": database,
            "PGPORT": str(DATABASE_PORT),
            # Connect only to a database with RDS's name and a certificate of RDS's authorities, which the image holds
            "PGSSLMODE": "verify-full",
            "PGSSLROOTCERT": "/etc/ssl/rds.pem",
            "HOME": "/dev/shm",  # psql looks for its settings in HOME; everything but /dev/shm is read-only # noqa: S108
            "TMPDIR": "/dev/shm",  # noqa: S108
        },
        secrets={
            "CHEMTRACK_DATABASE_URL": arns["database"],
            "CHEMTRACK_CHEMUSER_PASSWORD": arns["chemuser"],
            "CHEMTRACK_CHEMADMIN_PASSWORD": arns["chemadmin"],
        },
        more={"command": ["apply"], "memoryReservation": 512},
    )
    # The program itself calls nothing of AWS, so that it has no rights.
    task = Task(
        settings, "sql", within.registry.repositories["sql"], within.registry.address("sql"), container, [], opts
    )
    sql_task = pulumi.Output.format(
        "{0} {1} {2} {3} {4}",
        task.family,
        task.definition.arn,
        within.cluster.name,
        pulumi.Output.all(*within.subnets).apply(",".join),
        within.security_groups["sql"],
    )
    pulumi.export("sqlTask", sql_task)
    return local.Command(
        settings.name("run-sql"),
        create="./run_sql.sh",
        environment={"SQL_TASK": sql_task},
        triggers=[task.definition.arn],
        opts=pulumi.ResourceOptions(parent=task),
    )
