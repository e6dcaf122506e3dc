"""What Pulumi makes to store things: the database, the table of sessions, images and secrets; and what is left when it is destroyed."""

import json
from typing import Any

import pytest

from tests.installation import PAGES
from tests.lib.program import SECRET, Program

IMAGES = ["sql", "api", *PAGES]


def test_the_database_is_a_db_t3_micro_with_postgresql_17(program: Program) -> None:
    assert program["rds"]["instanceClass"] == "db.t3.micro"
    assert (program["rds"]["engine"], program["rds"]["engineVersion"]) == ("postgres", "17")
    assert program["parameter-group"]["family"] == "postgres17"


def test_backups_of_the_database_are_kept_5_days(program: Program) -> None:
    assert program["rds"]["backupRetentionPeriod"] == 5


def test_the_database_is_encrypted(program: Program) -> None:
    assert program["rds"]["storageEncrypted"] is True


def parameters(program: Program) -> dict[str, str]:
    return {one["name"]: one["value"] for one in program["parameter-group"]["parameters"]}


def test_the_database_refuses_connections_without_tls(program: Program) -> None:
    assert parameters(program)["rds.force_ssl"] == "1"
    assert program["rds"]["parameterGroupName"] == "parameter-group-test"


def variables(program: Program, what: str) -> dict[str, str]:
    return {one["name"]: one["value"] for one in program.container(what)["environment"]}


def secrets(program: Program, what: str) -> dict[str, str]:
    return {one["name"]: one["valueFrom"] for one in program.container(what)["secrets"]}


def test_api_and_sql_verify_the_database(program: Program) -> None:
    api, sql = variables(program, "api"), variables(program, "sql")
    assert api["CHEMTRACK_DATABASE_HOST"] == sql["PGHOST"] == "<rds-test.address>"
    assert api["CHEMTRACK_DATABASE_SSLMODE"] == sql["PGSSLMODE"] == "verify-full"
    assert api["CHEMTRACK_DATABASE_SSLROOTCERT"] == sql["PGSSLROOTCERT"] == "/etc/ssl/rds.pem"


def test_no_secret_is_made(program: Program) -> None:
    assert not [one["type"] for one in program.made.values() if "secretsmanager" in one["type"].lower()]
    assert not [one["type"] for one in program.made.values() if "random" in one["type"].lower()]


def test_the_database_has_the_owner_and_the_password_of_the_connection_string(program: Program) -> None:
    made = program["rds"]
    assert (made["username"], made["password"], made["dbName"]) == (
        "chemtrack_master",
        "per%cent:and-more",
        "chemtrack",
    )
    assert SECRET in program.made["rds-test"]["inputs"]["password"], "Pulumi encrypts it in its state"
    said = json.dumps([one for name, one in program.made.items() if name != "rds-test"]) + json.dumps(program.outputs)
    assert "and-more" not in said, "no other resource and no output holds it"


def test_each_task_gets_the_secrets_that_it_needs_and_no_other(program: Program) -> None:
    assert secrets(program, "sql") == {
        "CHEMTRACK_DATABASE_URL": "<secret database-test>",
        "CHEMTRACK_CHEMUSER_PASSWORD": "<secret chemuser-test>",
        "CHEMTRACK_CHEMADMIN_PASSWORD": "<secret chemadmin-test>",
    }
    assert secrets(program, "api") == {
        "CHEMTRACK_SERVICE_TOKEN": "<secret service-token-test>",
        "CHEMTRACK_CHEMUSER_PASSWORD": "<secret chemuser-test>",
        "CHEMTRACK_CHEMADMIN_PASSWORD": "<secret chemadmin-test>",
    }
    for page in PAGES:
        assert secrets(program, page) == {
            "CHEMTRACK_SERVICE_TOKEN": "<secret service-token-test>",
            "CHEMTRACK_COOKIE_KEY": "<secret cookie-key-test>",
        }
    assert variables(program, "api")["CHEMTRACK_LOGIN_SECRETS"] == '["<secret logins-test>"]'


def test_the_table_of_sessions_ends_them_by_expiry(program: Program) -> None:
    assert set(program.of_type("dynamodb/table")) == {"user-sessions"}
    table = program["user-sessions"]
    assert table["ttl"] == {"attributeName": "expiry", "enabled": True}
    assert table["hashKey"] == "id"
    assert table["attributes"] == [{"name": "id", "type": "S"}]
    assert table["serverSideEncryption"] == {"enabled": True}


@pytest.mark.parametrize("page", PAGES)
def test_every_page_keeps_its_sessions_there(program: Program, page: str) -> None:
    assert variables(program, page)["CHEMTRACK_SESSIONS_TABLE"] == program["user-sessions"]["name"]


@pytest.mark.parametrize("image", IMAGES)
def test_an_image_is_scanned_and_the_5_newest_are_kept(program: Program, image: str) -> None:
    repository = program[f"repository-{image}"]
    assert repository["imageScanningConfiguration"] == {"scanOnPush": True}
    assert repository["encryptionConfigurations"] == [{"encryptionType": "AES256"}]
    policy = program[f"lifecycle-{image}"]
    assert policy["repository"] == f"repository-{image}-test"
    [rule] = json.loads(policy["policy"])["rules"]
    assert rule["selection"] == {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 5}
    assert rule["action"] == {"type": "expire"}


def test_there_is_a_repository_for_each_image(program: Program) -> None:
    assert set(program.of_type("ecr/repository")) == {f"repository-{image}" for image in IMAGES}


def test_everything_can_be_destroyed(program: Program) -> None:
    rds: dict[str, Any] = program["rds"]
    assert rds["skipFinalSnapshot"] is True
    assert rds["deleteAutomatedBackups"] is True
    assert rds["deletionProtection"] is False
    assert program["alb"]["enableDeletionProtection"] is False
    assert program["user-sessions"]["deletionProtectionEnabled"] is False
    for repository in program.of_type("ecr/repository").values():
        assert repository["forceDelete"] is True


def test_operators_are_told_where_things_are(program: Program) -> None:
    said = dict(program.outputs)
    repositories = said.pop("repositories")
    assert said.pop("sqlTask")
    assert repositories == {image: f"<repository-{image}-test.repositoryUrl>" for image in IMAGES}
    assert said == {
        "loadBalancerDnsName": "<alb-test.dnsName>",
        "databaseHost": "<rds-test.address>",
        "cluster": "cluster-test",
        "vpcId": "<vpc-test>",
    }
