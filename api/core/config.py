"""Settings of the API, read once from the environment and passed in."""

from functools import cached_property
from typing import Self

from psycopg.conninfo import make_conninfo
from pydantic import Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """All settings of the API. The environment variable of a field is CHEMTRACK_ and the field's name in capitals."""

    model_config = SettingsConfigDict(env_prefix="CHEMTRACK_", frozen=True)

    database_host: str
    database_port: int = 5432
    database_name: str = "chemtrack"
    database_sslmode: str = "prefer"
    database_sslrootcert: str = Field(
        default="", description="the file of the authorities whose certificate the database must show, for verify-full"
    )
    chemuser_password: str = Field(repr=False)
    chemadmin_password: str = Field(repr=False)
    chemuser_pool: int = Field(default=8, ge=1, description="connections for requests of labs, a process")
    chemadmin_pool: int = Field(default=2, ge=1, description="connections for sign-ins and administration, a process")
    service_token: str = Field(min_length=16, repr=False)
    login_secrets: list[str] = Field(min_length=1, description="names or ARNs of the secrets with logins, in order")
    aws_default_region: str = Field(validation_alias="AWS_DEFAULT_REGION", description="where those secrets are")
    address: str = Field(
        default="",
        pattern=r"^(https?://[A-Za-z0-9.:-]{1,100}( https?://[A-Za-z0-9.:-]{1,100}){0,9})?$",
        description="where browsers find ChemTrack, such as https://chem.example.edu: labels' QR codes begin with it. Without "
        "it they hold the bare barcode. Behind a blank: earlier addresses, which older labels have. A setting, because whoever "
        "sends a request chooses its Host header",
    )
    session_hours: float = Field(
        default=12, gt=0, description="a session ends this many hours after the sign-in, however busy it is"
    )
    session_idle_hours: float = Field(
        default=2, gt=0, description="a session ends this many hours after its last request"
    )
    password_minutes: float = Field(
        default=10,
        gt=0,
        description="a grave act asks for the password where it was not typed within this number of minutes",
    )
    administrators_need_second_factor: bool = Field(
        default=False, description="administration takes a session that was begun with a second factor"
    )
    everybody_needs_second_factor: bool = Field(
        default=False,
        description="labs take a session that was begun with a second factor, too; access tokens of programs do without",
    )
    single_sign_on_issuer: str = Field(
        default="",
        max_length=500,
        pattern=r"^(https://\S+|http://(localhost|127\.0\.0\.1)(:\d+)?(/\S*)?)?$",
        description="the identity provider's name for itself, an address (OpenID Connect's issuer); empty: passwords alone",
    )
    single_sign_on_client: str = Field(default="", description="the client id by which the provider knows ChemTrack")
    single_sign_on_secret: str = Field(default="", description="name or ARN of the secret that holds the client secret")
    single_sign_on_claim: str = Field(
        default="preferred_username",
        min_length=1,
        description="which of the provider's claims is the user name of a login here; choose a claim that people cannot change",
    )
    event_days: int = Field(
        default=730,
        ge=90,
        description="the trace of acts is kept for this many days; the database keeps 90 in any case",
    )

    def needs_second_factor(self, administrator: bool) -> bool:
        """Whether this user has to have a second factor here."""
        return self.everybody_needs_second_factor or (administrator and self.administrators_need_second_factor)

    @model_validator(mode="after")
    def single_sign_on_is_whole(self) -> Self:
        """Refuses half a single sign-on, which would fail only when somebody tries it."""
        rest = (self.single_sign_on_client, self.single_sign_on_secret, self.address)
        if self.single_sign_on_issuer and not all(rest):
            raise ValueError(
                "CHEMTRACK_SINGLE_SIGN_ON_ISSUER needs CHEMTRACK_SINGLE_SIGN_ON_CLIENT, CHEMTRACK_SINGLE_SIGN_ON_SECRET and CHEMTRACK_ADDRESS"
            )
        return self

    @cached_property
    def printed_address(self) -> str:
        """The beginning of the addresses on new labels, https://HOST; empty where labels have no address."""
        return self.address.partition(" ")[0]

    @cached_property
    def chemuser_conninfo(self) -> str:
        """libpq's connection string for chemuser, which serves the requests of labs."""
        return self._conninfo("chemuser", self.chemuser_password)

    @cached_property
    def chemadmin_conninfo(self) -> str:
        """libpq's connection string for chemadmin, which serves sign-ins and administration."""
        return self._conninfo("chemadmin", self.chemadmin_password)

    def _conninfo(self, user: str, password: str) -> str:
        hosts = ",".join(address.partition("//")[2].lower() for address in self.address.split())
        return make_conninfo(
            options=f"-c app.hosts={hosts}",  # inventory.scanned_code follows labels of these hosts
            host=self.database_host,
            port=self.database_port,
            dbname=self.database_name,
            sslmode=self.database_sslmode,
            sslrootcert=self.database_sslrootcert or None,
            user=user,
            password=password,
            application_name="chemtrack-api",
            connect_timeout=5,
        )
