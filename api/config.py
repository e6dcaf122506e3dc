"""Settings of the API, read once from the environment and passed in."""

from functools import cached_property

from psycopg.conninfo import make_conninfo
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Everything the API is told. Names in the environment: CHEMTRACK_ and the field's name in capitals."""

    model_config = SettingsConfigDict(env_prefix="CHEMTRACK_", frozen=True)

    database_host: str
    database_port: int = 5432
    database_name: str = "chemtrack"
    database_sslmode: str = "prefer"
    chemuser_password: str = Field(repr=False)
    chemadmin_password: str = Field(repr=False)
    chemuser_pool: int = Field(default=8, ge=1, description="connections for requests of labs, a process")
    chemadmin_pool: int = Field(default=2, ge=1, description="connections for sign-ins and administration, a process")
    service_token: str = Field(min_length=16, repr=False)
    login_secrets: list[str] = Field(min_length=1, description="names or ARNs of the secrets with logins, in order")
    aws_default_region: str = Field(validation_alias="AWS_DEFAULT_REGION", description="where those secrets are")
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
        )
