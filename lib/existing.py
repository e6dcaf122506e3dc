"""The secrets that must exist before ChemTrack is deployed. This program finds them and makes none."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

import pulumi
import pulumi_aws as aws

from settings import SECRETS, Misconfigured, Settings


@dataclass(frozen=True)
class Owner:
    """The database's owner and the database, as a connection string names them."""

    user: str
    password: str
    database: str


def read_owner(connection: str) -> Owner:
    """Read postgresql://USER:PASSWORD@/DATABASE, as sql/database.sh does. No error quotes the text, because it holds a password."""
    found = re.fullmatch(r"postgres(?:ql)?://([^:@/]+):([^@/]+)@/([^/?]+)", connection)
    if not found:
        raise Misconfigured(
            "The secret database must hold postgresql://USER:PASSWORD@/DATABASE: without a host, because the program makes it."
        )
    return Owner(*map(unquote, found.groups()))


class Secrets(pulumi.ComponentResource):
    """`arns` by purpose, one of settings.SECRETS; `owner` is what the secret `database` says."""

    def __init__(self, settings: Settings, opts: pulumi.ResourceOptions) -> None:
        super().__init__("chemtrack:aws:Secrets", settings.name("secrets"), None, opts)
        child = pulumi.InvokeOutputOptions(parent=self)
        self.arns: dict[str, pulumi.Output[str]] = {
            purpose: aws.secretsmanager.get_secret_output(name=settings.secret_name(purpose), opts=child).arn
            for purpose in SECRETS
        }
        connection = aws.secretsmanager.get_secret_version_output(secret_id=self.arns["database"], opts=child)
        # RDS is made with this password, so Pulumi's state holds it, encrypted. The state holds the value of no other secret.
        self.owner = pulumi.Output.secret(connection.secret_string).apply(lambda text: read_owner(str(text)))
        self.register_outputs({})
