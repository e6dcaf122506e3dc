"""Settings of the API, read once from the environment and passed in."""

import json
import os
from functools import cached_property
from typing import Annotated

from psycopg.conninfo import make_conninfo
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError


class Misconfigured(Exception):
    """A setting is missing or wrong; the text says which."""


def _read_json(given: object) -> object:
    return json.loads(given) if isinstance(given, str) else given


class Settings(BaseModel):
    """Everything the API is told. Names in the environment: CHEMTRACK_ and the field's name in capitals."""

    model_config = ConfigDict(frozen=True)

    database_host: str
    database_port: int = 5432
    database_name: str = "chemtrack"
    database_sslmode: str = "prefer"
    chemuser_password: str = Field(repr=False)
    chemadmin_password: str = Field(repr=False)
    chemuser_pool: int = Field(default=8, ge=1, description="connections for requests of labs, a process")
    chemadmin_pool: int = Field(default=2, ge=1, description="connections for sign-ins and administration, a process")
    service_token: str = Field(min_length=16, repr=False)
    login_secrets: Annotated[list[str], BeforeValidator(_read_json)] = Field(
        min_length=1, description="names or ARNs of the secrets with logins, in order"
    )
    aws_region: str = Field(description="where those secrets are: AWS_DEFAULT_REGION, as AWS calls it")
    session_hours: float = 12

    @cached_property
    def chemuser_conninfo(self) -> str:
        """How to connect as chemuser, the data plane."""
        return self._conninfo("chemuser", self.chemuser_password)

    @cached_property
    def chemadmin_conninfo(self) -> str:
        """How to connect as chemadmin, the control plane."""
        return self._conninfo("chemadmin", self.chemadmin_password)

    def _conninfo(self, user: str, password: str) -> str:
        return make_conninfo(
            host=self.database_host,
            port=self.database_port,
            dbname=self.database_name,
            sslmode=self.database_sslmode,
            user=user,
            password=password,
            application_name="chemtrack-api",
            connect_timeout=5,
            gssencmode="disable",  # no Kerberos here: asking for it takes each connection time and memory
        )


def read_settings() -> Settings:
    """Read the settings from the environment; raise Misconfigured, whose text names what is missing or wrong."""
    names = {name: f"CHEMTRACK_{name.upper()}" for name in Settings.model_fields} | {"aws_region": "AWS_DEFAULT_REGION"}
    try:
        return Settings.model_validate({name: os.environ[said] for name, said in names.items() if said in os.environ})
    except ValidationError as error:
        faults = [f"{names[str(fault['loc'][0])]}: {fault['msg']}" for fault in error.errors()]
        raise Misconfigured("The API cannot start. " + "; ".join(faults)) from None
