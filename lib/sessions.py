"""The table of web sessions: browsers' cookies hold only a session's id (pages/common/dynamodb.py)."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws

from settings import Settings


class Sessions(pulumi.ComponentResource):
    """`table` is used by all pages."""

    def __init__(self, settings: Settings, opts: pulumi.ResourceOptions) -> None:
        super().__init__("chemtrack:aws:Sessions", settings.name("sessions"), None, opts)
        name = settings.name("user-sessions")
        self.table = aws.dynamodb.Table(
            name,
            name=name,
            billing_mode="PAY_PER_REQUEST",
            attributes=[{"name": "id", "type": "S"}],
            hash_key="id",
            ttl={"attribute_name": "expiry", "enabled": True},
            server_side_encryption={"enabled": True},
            point_in_time_recovery={"enabled": True},
            deletion_protection_enabled=False,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.register_outputs({})
