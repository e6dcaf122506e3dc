"""What all services share: registry, cluster, load balancer, secrets, sessions."""

import json
from typing import Any

import pytest

from pages.common import headers
from tests.aws.templates import FOLDER, Stack, find, whole

ARN = "arn:aws:secretsmanager:us-east-1:123456789012:secret:"
SECRET = "AWS::SecretsManager::Secret"


# -- registry ---------------------------------------------------------------------------------------------------------


def test_a_repository_scans_what_is_pushed_and_no_tag_of_a_commit_ever_moves() -> None:
    repository = Stack("registry", Name="checkout")["Repository"]
    assert repository["RepositoryName"] == "chemtrack-checkout-test"
    assert repository["ImageScanningConfiguration"] == {"ScanOnPush": True}
    assert repository["ImageTagMutability"] == "IMMUTABLE"
    assert repository["EmptyOnDelete"] is True


def kept(images: list[set[str]]) -> list[set[str]]:
    """The images that the lifecycle policy keeps. Images are given by their tags, the oldest first.

    ECR applies rules by priority. An image that matches the tags of a rule is not expired by a later rule, but still counts there.
    """
    policy = json.loads(Stack("registry", Name="checkout")["Repository"]["LifecyclePolicy"]["LifecyclePolicyText"])
    left, spared = list(images), list[set[str]]()
    for rule in sorted(policy["rules"], key=lambda rule: int(rule["rulePriority"])):
        selection: dict[str, Any] = rule["selection"]
        if selection["tagStatus"] == "untagged":
            left = [tags for tags in left if tags]
            continue
        assert selection["countType"] == "imageCountMoreThan"
        [pattern] = selection["tagPatternList"]
        prefix = pattern.removesuffix("*")
        matching = [tags for tags in left if any(tag.startswith(prefix) for tag in tags)]
        expired = [tags for tags in matching[: -selection["countNumber"]] if tags not in spared]
        left = [tags for tags in left if tags not in expired]
        spared += matching
    return left


def test_the_five_newest_images_are_kept() -> None:
    commits = [{f"c{n}"} for n in range(9)]
    assert kept(commits) == commits[-5:]


def test_what_is_deployed_is_kept_however_many_are_pushed_after_it() -> None:
    commits = [{f"c{n}"} for n in range(9)]
    commits[1].add("deployed-c1")
    assert kept(commits) == [{"c1", "deployed-c1"}, *commits[-5:]]


# -- cluster ----------------------------------------------------------------------------------------------------------


def test_the_cluster_is_fargate_only_and_watched() -> None:
    cluster = Stack("platform")["Cluster"]
    assert cluster["CapacityProviders"] == ["FARGATE", "FARGATE_SPOT"]
    assert [one["CapacityProvider"] for one in cluster["DefaultCapacityProviderStrategy"]] == ["FARGATE"]
    assert cluster["ClusterSettings"] == [{"Name": "containerInsights", "Value": "enabled"}]


# -- load balancer ----------------------------------------------------------------------------------------------------


def test_clients_are_redirected_to_https_with_tls_1_2_or_later() -> None:
    platform = Stack("platform", CertificateArn="arn:aws:acm:us-east-1:123456789012:certificate/1")
    https, http = platform["HttpsListener"], platform["HttpListener"]
    assert (https["Port"], https["Protocol"]) == (443, "HTTPS")
    assert https["SslPolicy"].startswith("ELBSecurityPolicy-TLS13-1-2-")
    assert https["Certificates"] == [{"CertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/1"}]
    assert http["Port"] == 80
    redirect = http["DefaultActions"][0]["RedirectConfig"]
    assert (redirect["Protocol"], redirect["Port"]) == ("HTTPS", "443")


def test_a_path_that_no_page_has_is_answered_404() -> None:
    [action] = Stack("platform")["HttpsListener"]["DefaultActions"]
    assert action["FixedResponseConfig"]["StatusCode"] == "404"


def attributes_of(platform: Stack) -> dict[str, str]:
    return {one["Key"]: one["Value"] for one in platform["LoadBalancer"]["LoadBalancerAttributes"] if one}


def test_no_address_is_logged_unless_somebody_wants_that() -> None:
    """An address holds what a lab searched for."""
    platform = Stack("platform")
    assert attributes_of(platform)["access_logs.s3.enabled"] == "false"
    assert "access_logs.s3.bucket" not in attributes_of(platform)
    assert not platform.of_type("AWS::S3::Bucket")


def test_access_is_logged_into_a_bucket_that_is_encrypted_and_nobodys_business() -> None:
    platform = Stack("platform", AccessLog="yes")
    assert attributes_of(platform)["access_logs.s3.enabled"] == "true"
    assert attributes_of(platform)["access_logs.s3.bucket"] == "<platform.AccessLogs>"
    bucket = platform["AccessLogs"]
    assert bucket["BucketEncryption"]
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    allow, deny = platform["AccessLogsPolicy"]["PolicyDocument"]["Statement"]
    assert allow["Principal"] == {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"}
    assert (deny["Effect"], deny["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})


def test_the_listeners_own_answers_have_the_headers_of_the_pages() -> None:
    platform = Stack("platform")
    https, http = (
        {one["Key"].split(".")[3]: one["Value"] for one in platform[name]["ListenerAttributes"]}
        for name in ("HttpsListener", "HttpListener")
    )
    assert https == {
        "strict_transport_security": headers.A_YEAR,
        "x_content_type_options": headers.HEADERS["X-Content-Type-Options"],
        "x_frame_options": headers.HEADERS["X-Frame-Options"],
    }, (
        "a Content-Security-Policy of the listener would replace the pages' own, which is wider where barcodes are scanned"
    )
    assert http.items() <= https.items()
    assert "strict_transport_security" not in http, "browsers heed that over HTTPS only"
    [action] = platform["HttpsListener"]["DefaultActions"]
    assert "<style" not in action["FixedResponseConfig"]["MessageBody"], "the listener's page is plain"


def test_the_load_balancer_never_writes_to_a_connection_that_a_page_just_closed() -> None:
    attributes = attributes_of(Stack("platform"))
    pages = (FOLDER.parent / "pages" / "gunicorn.conf.py").read_text()
    keepalive = next(line for line in pages.splitlines() if line.startswith("keepalive = "))
    assert int(attributes["idle_timeout.timeout_seconds"]) < int(keepalive.split()[2])


# -- secrets ----------------------------------------------------------------------------------------------------------


def test_logins_begin_empty_and_no_update_writes_them_again() -> None:
    # CloudFormation writes a secret's value when its line in the template changes, which a constant never does.
    logins = Stack("platform").template["Resources"]["Logins"]["Properties"]
    assert logins["SecretString"] == "{}"
    assert find(logins, "Ref") == []
    assert find(logins, "Fn::Sub") == ["chemtrack-logins-${Environment}"]


def test_keys_and_passwords_are_made_by_aws_and_long_enough_for_the_services() -> None:
    stacks = whole()
    made = stacks["platform"].of_type(SECRET) | stacks["database"].of_type(SECRET)
    assert set(made) == {"Logins", "ServiceToken", "CookieKey", "ChemuserPassword", "ChemadminPassword"}
    for name, secret in made.items():
        if name != "Logins":
            assert secret["GenerateSecretString"] == {"PasswordLength": 48, "ExcludePunctuation": True}, name


def test_existing_secrets_are_used_and_none_is_made() -> None:
    given = {name: f"{ARN}{name}" for name in ("LoginSecretArn", "ServiceTokenSecretArn", "CookieKeySecretArn")}
    given |= {name: f"{ARN}{name}" for name in ("ChemuserSecretArn", "ChemadminSecretArn")}
    stacks = whole(**given)
    assert not stacks["platform"].of_type(SECRET)
    assert not stacks["database"].of_type(SECRET)
    exports = stacks["database"].exports
    for name, arn in given.items():
        assert arn in exports.values(), name
    container = stacks["api"]["Task"]["ContainerDefinitions"][0]
    assert {secret["ValueFrom"] for secret in container["Secrets"]} == {
        given["ServiceTokenSecretArn"],
        given["ChemuserSecretArn"],
        given["ChemadminSecretArn"],
    }


@pytest.mark.parametrize("first", ["", f"{ARN}first"])
def test_logins_may_be_spread_over_several_secrets(first: str) -> None:
    stacks = whole(LoginSecretArn=first, MoreLoginSecretArns=f"{ARN}second,{ARN}third")
    wanted = [first or "<platform.Logins>", f"{ARN}second", f"{ARN}third"]
    environment = stacks["api"]["Task"]["ContainerDefinitions"][0]["Environment"]
    [said] = [one["Value"] for one in environment if one["Name"] == "CHEMTRACK_LOGIN_SECRETS"]
    assert json.loads(said) == wanted
    [policy] = stacks["api"]["TaskRole"]["Policies"]
    assert policy["PolicyDocument"]["Statement"][0]["Resource"] == wanted


# -- sessions ---------------------------------------------------------------------------------------------------------


def test_the_table_of_sessions_is_encrypted_forgets_and_can_be_restored() -> None:
    table = Stack("sessions")["Table"]
    assert table["TableName"] == "chemtrack-user-sessions-test"
    assert table["TimeToLiveSpecification"] == {"AttributeName": "expiry", "Enabled": True}
    assert table["SSESpecification"] == {"SSEEnabled": True}
    assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}


def test_pages_keep_sessions_in_dynamodb_only_where_the_stack_sessions_exists() -> None:
    for said, table, resource in (("no", [], []), ("yes", ["<sessions.Table>"], ["<sessions.Table.Arn>"])):
        stacks = whole(UseSessionsTable=said)
        for name in ("service", "api"):
            environment = stacks[name]["Task"]["ContainerDefinitions"][0]["Environment"]
            told = [one["Value"] for one in environment if one["Name"] == "CHEMTRACK_SESSIONS_TABLE"]
            rights = [right for right in find(stacks[name].resources, "Statement") if "dynamodb" in str(right)]
            assert told == (table if name == "service" else [])
            assert [right[0]["Resource"] for right in rights] == (resource if name == "service" else [])
