"""Settings of a page, from the environment; read once, when the page is made."""

from pathlib import Path

from pydantic import Field, HttpUrl, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from pages.common.problems import Misconfigured


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
