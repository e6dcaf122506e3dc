"""Settings of a page, from the environment; read once, when the page is made."""

import re
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field, HttpUrl, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from pages.common.problems import Misconfigured

OF_A_LAB = re.compile(
    r"([a-z][a-z0-9-]{1,39}):(https://[a-z0-9.-]+(?::[0-9]+)?|http://(?:localhost|127\.0\.0\.1)(?::[0-9]+)?)"
)


def _origins(value: object) -> object:
    if not isinstance(value, str):
        return value
    found: dict[str, set[str]] = {}
    for entry in value.split():
        listed = OF_A_LAB.fullmatch(entry)
        if not listed:
            raise ValueError(f"{entry} is no lab and origin such as curie:https://eln.example.edu, in small letters")
        found.setdefault(listed[1], set()).add(listed[2])
    return found


Origins = Annotated[dict[str, frozenset[str]], NoDecode, BeforeValidator(_origins)]
"""Labs with the origins of other sites, from "curie:https://eln.example.edu hodgkin:https://lims.example.edu:8443"."""


class PageSettings(BaseSettings):
    """Each is an environment variable with the prefix CHEMTRACK_, such as CHEMTRACK_API_URL."""

    model_config = SettingsConfigDict(env_prefix="CHEMTRACK_", frozen=True)

    api_url: HttpUrl = Field(description="where the API answers, such as http://chemtrack-api:8000")
    service_token: SecretStr = Field(min_length=16, description="proves to the API that a page of ours calls")
    cookie_key: SecretStr = Field(min_length=16, description="signs the session cookie; the same for all pages")
    cookie_secure: bool = Field(default=True, description="the cookie goes over HTTPS only; false on one machine")
    sessions_table: str | None = Field(
        default=None, description="a table of DynamoDB for web sessions; without it the cookie holds them"
    )
    origins: Origins = Field(
        default={},
        description="other sites whose pages may call /api/v1 of a lab, such as curie:https://eln.example.edu",
    )
    single_sign_on: str = Field(
        default="",
        max_length=60,
        description="what people call the identity provider, such as Example University; empty: passwords alone",
    )
    assets: Path = Field(default=Path(__file__).parents[1] / "assets", description="what build_assets.py made")


def read_settings() -> PageSettings:
    """Read the settings from the environment; raise Misconfigured, whose text names what is missing or wrong."""
    try:
        return PageSettings()
    except ValidationError as error:
        faults = [f"CHEMTRACK_{str(fault['loc'][0]).upper()}: {fault['msg']}" for fault in error.errors()]
        raise Misconfigured("This page cannot start. " + "; ".join(faults)) from None
