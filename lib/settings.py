"""What the program is told: the stack's configuration, and the two files that it shares with CloudFormation."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pulumi

CLOUDFORMATION = Path(__file__).resolve().parent.parent / "cloudformation"
REGION = "us-east-2"
ZONES = ("us-east-2a", "us-east-2b")
PORT = 5000
"""Where every container listens."""
DATABASE_PORT = 5432
SECRETS = ("database", "chemuser", "chemadmin", "logins", "service-token", "cookie-key")
"""The entries of Secrets Manager that must exist: docs/aws.md says what each holds."""

SINGLE_SIGN_ON = ("name", "issuer", "client", "secretArn", "claim")
"""What `chemtrack:singleSignOn` says of the identity provider."""


class Misconfigured(Exception):
    """The configuration cannot be used; the text says what to do."""


@dataclass(frozen=True)
class Figures:
    """The figures of cloudformation/figures.parameters that this program needs."""

    cpu: int
    memory: int
    min_tasks: int
    max_tasks: int
    target_cpu: int
    cooldown_seconds: int
    health_seconds: int
    log_days: int
    backup_days: int
    kept_images: int


def read_figures() -> Figures:
    """Read the figures; a line is Name=value, and Name is the field's name in the manner of CloudFormation."""
    lines = (CLOUDFORMATION / "figures.parameters").read_text().splitlines()
    pairs = (line.split("=", 1) for line in lines if line and not line.startswith("#"))
    return Figures(**{re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower(): int(value) for name, value in pairs})


@dataclass(frozen=True)
class Page:
    """A page, and the rule by which the load balancer finds it: an entry of cloudformation/pages.json."""

    name: str
    priority: int
    paths: list[str]


def read_pages() -> list[Page]:
    """Read the table of pages, in the order of their rules."""
    table = json.loads((CLOUDFORMATION / "pages.json").read_text())
    return sorted((Page(name, **entry) for name, entry in table.items()), key=lambda page: page.priority)


@dataclass(frozen=True)
class Settings:
    """The configuration of the stack. `chemtrack:environmentSuffix` of Pulumi is `suffix` here; the others have their own names."""

    suffix: str
    certificate_arn: str
    tag: str | None = None
    tags: dict[str, str] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    clients: list[str] = field(default_factory=lambda: ["0.0.0.0/0"])
    address: str = ""
    administrators_need_second_factor: bool = False
    origins: str = ""
    everybody_needs_second_factor: bool = False
    single_sign_on: dict[str, str] = field(default_factory=dict)
    alarm_topic_arn: str | None = None
    figures: Figures = field(default_factory=read_figures)
    pages: list[Page] = field(default_factory=read_pages)

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z][a-z0-9]{1,9}", self.suffix):
            raise Misconfigured(
                f"environmentSuffix is two to ten small letters and digits, a letter first, not {self.suffix!r}."
            )
        if not re.fullmatch(rf"arn:aws:acm:{REGION}:\d{{12}}:certificate/.+", self.certificate_arn):
            raise Misconfigured(f"certificateArn names a certificate of ACM in {REGION}, not {self.certificate_arn!r}.")
        if self.single_sign_on and not {*SINGLE_SIGN_ON} - {"claim"} <= {*self.single_sign_on}:
            raise Misconfigured("singleSignOn needs name, issuer, client and secretArn.")
        lists = ((self.secrets, SECRETS), (self.tags, self.images), (self.single_sign_on, SINGLE_SIGN_ON))
        for given, known in lists:
            if unknown := sorted(set(given).difference(known)):
                raise Misconfigured(f"There is no {unknown[0]}. There are: {', '.join(known)}.")

    def name(self, *parts: str) -> str:
        """A name: its type, what tells it from others of this type, and at the end the environment."""
        return "-".join((*parts, self.suffix))

    def secret_name(self, purpose: str) -> str:
        """The name of the existing secret for a purpose, one of SECRETS."""
        return self.secrets.get(purpose, self.name(purpose))

    @property
    def images(self) -> list[str]:
        """All images: the task sql, the API and each page."""
        return ["sql", "api", *(page.name for page in self.pages)]

    def image_tag(self, image: str) -> str | None:
        """The tag of the image that runs; None while nothing is deployed."""
        return self.tags.get(image, self.tag) if self.tag else None


def read_settings() -> Settings:
    """Read the configuration of the stack that the Pulumi CLI has chosen."""
    config = pulumi.Config("chemtrack")
    given: dict[str, Any] = {
        "tag": config.get("tag"),
        "tags": config.get_object("tags"),
        "secrets": config.get_object("secrets"),
        "clients": config.get_object("clients"),
        "address": config.get("address"),
        "administrators_need_second_factor": config.get_bool("administratorsNeedSecondFactor"),
        "origins": config.get("origins"),
        "everybody_needs_second_factor": config.get_bool("everybodyNeedsSecondFactor"),
        "single_sign_on": config.get_object("singleSignOn"),
        "alarm_topic_arn": config.get("alarmTopicArn"),
    }
    return Settings(
        suffix=config.require("environmentSuffix"),
        certificate_arn=config.require("certificateArn"),
        **{name: value for name, value in given.items() if value},
    )
