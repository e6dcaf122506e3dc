"""The one template of every container: as a page, and as the API."""

import json
from typing import Any

import pytest

from tests.aws.templates import FOLDER, Stack, find, load, whole

BOTH = pytest.mark.parametrize("name", ["service", "api"])


@pytest.fixture(scope="module")
def stacks() -> dict[str, Stack]:
    return whole()


def container(stack: Stack) -> Any:
    [only] = stack["Task"]["ContainerDefinitions"]
    return only


def allowed(stack: Stack) -> dict[str, set[str]]:
    """Resource → the actions that the stack's roles and policies allow on it."""
    rights: dict[str, set[str]] = {}
    for statements in find([resource["Properties"] for resource in stack.resources.values()], "Statement"):
        for one in statements:
            actions = one["Action"] if isinstance(one["Action"], list) else [one["Action"]]
            for resource in one["Resource"] if isinstance(one.get("Resource"), list) else [one.get("Resource")]:
                rights.setdefault(str(resource), set()).update(actions)
    return rights


@BOTH
def test_a_task_is_small_and_may_change_nothing_of_its_own_image(stacks: dict[str, Stack], name: str) -> None:
    task = stacks[name]["Task"]
    assert (task["RequiresCompatibilities"], task["Cpu"], task["Memory"]) == (["FARGATE"], "512", "1024")
    assert container(stacks[name])["ReadonlyRootFilesystem"] is True
    assert container(stacks[name])["User"] == "1000"
    assert container(stacks[name])["LinuxParameters"]["Capabilities"] == {"Drop": ["ALL"]}


@BOTH
def test_a_task_writes_to_tmp_alone_and_its_image_says_that_it_may(stacks: dict[str, Stack], name: str) -> None:
    [mount] = container(stacks[name])["MountPoints"]
    assert mount["ContainerPath"] == "/tmp"
    assert stacks[name]["Task"]["Volumes"] == [{"Name": mount["SourceVolume"]}]
    # ECS makes root the owner of an empty volume, unless the image declares the volume: then the image's owner and mode are kept.
    image = FOLDER.parent / ("api" if name == "api" else "pages") / "Dockerfile"
    assert "\nVOLUME /tmp\n" in image.read_text()


@BOTH
def test_the_health_of_a_task_is_checked_every_30_seconds(stacks: dict[str, Stack], name: str) -> None:
    check = container(stacks[name])["HealthCheck"]
    assert check["Interval"] == 30
    assert "http://127.0.0.1:8000/health" in check["Command"][-1]
    if name == "service":
        group = stacks[name]["TargetGroup"]
        assert (group["HealthCheckPath"], group["HealthCheckIntervalSeconds"]) == ("/health", 30)


@BOTH
def test_a_deployment_that_fails_goes_back(stacks: dict[str, Stack], name: str) -> None:
    deployment = stacks[name]["Service"]["DeploymentConfiguration"]
    assert deployment["DeploymentCircuitBreaker"] == {"Enable": True, "Rollback": True}
    assert deployment["MinimumHealthyPercent"] == 100


@BOTH
def test_two_to_ten_tasks_at_70_percent_with_300_seconds_between(stacks: dict[str, Stack], name: str) -> None:
    target = stacks[name]["ScalableTarget"]
    assert (target["MinCapacity"], target["MaxCapacity"]) == (2, 10)
    policy = stacks[name]["ScalingPolicy"]["TargetTrackingScalingPolicyConfiguration"]
    assert policy["TargetValue"] == 70
    assert policy["ScaleInCooldown"] == policy["ScaleOutCooldown"] == 300
    assert policy["PredefinedMetricSpecification"]["PredefinedMetricType"] == "ECSServiceAverageCPUUtilization"


def test_small_pages_are_one_small_task_each_on_spot() -> None:
    page = whole(SmallPages="yes")["service"]
    assert (page["Task"]["Cpu"], page["Task"]["Memory"]) == ("256", "512")
    assert page["ScalableTarget"]["MinCapacity"] == 1
    assert page["ScalableTarget"]["MaxCapacity"] == 10
    assert page["Service"]["CapacityProviderStrategy"] == [{"CapacityProvider": "FARGATE_SPOT", "Weight": 1}]
    assert "LaunchType" not in page["Service"], "ECS takes either a launch type or a strategy"
    deployment = page["Service"]["DeploymentConfiguration"]
    assert 1 * deployment["MaximumPercent"] // 100 > 1, "a new task fits beside the only one"


@pytest.mark.parametrize("who", ["AdministratorsNeed", "EverybodyNeeds"])
def test_the_api_asks_for_a_second_factor_where_a_parameter_says_so(who: str) -> None:
    name = {"AdministratorsNeed": "ADMINISTRATORS_NEED", "EverybodyNeeds": "EVERYBODY_NEEDS"}[who]
    for needed in ("true", "false"):
        [container] = whole(**{f"{who}SecondFactor": needed})["api"]["Task"]["ContainerDefinitions"]
        said = {one["Name"]: one["Value"] for one in container["Environment"]}
        assert said[f"CHEMTRACK_{name}_SECOND_FACTOR"] == needed


def test_a_single_sign_on_is_told_to_the_api_and_its_name_to_the_pages() -> None:
    secret = "arn:aws:secretsmanager:us-east-1:123456789012:secret:client"
    given = {"Issuer": "https://idp.example", "Client": "chemtrack", "SecretArn": secret, "Name": "Example University"}
    made = whole(**{f"SingleSignOn{name}": value for name, value in given.items()})
    said = {one["Name"]: one["Value"] for one in made["api"]["Task"]["ContainerDefinitions"][0]["Environment"]}
    names = ("ISSUER", "CLIENT", "SECRET", "CLAIM")
    assert [said[f"CHEMTRACK_SINGLE_SIGN_ON_{name}"] for name in names] == [
        "https://idp.example",
        "chemtrack",
        secret,
        "preferred_username",
    ]
    assert {"Name": "CHEMTRACK_SINGLE_SIGN_ON", "Value": "Example University"} in made["service"]["Task"][
        "ContainerDefinitions"
    ][0]["Environment"]
    [statement] = made["api"]["SingleSignOn"]["PolicyDocument"]["Statement"]
    assert statement == {"Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": secret}
    assert "SingleSignOn" not in made["service"].resources
    assert "SingleSignOn" not in whole()["api"].resources


def test_the_api_is_never_small(stacks: dict[str, Stack]) -> None:
    assert whole(SmallPages="yes")["api"].resources == stacks["api"].resources


@BOTH
def test_only_small_pages_may_be_interrupted(stacks: dict[str, Stack], name: str) -> None:
    assert stacks[name]["Service"]["LaunchType"] == "FARGATE"
    assert "CapacityProviderStrategy" not in stacks[name]["Service"]


@BOTH
def test_a_deployment_says_no_number_of_tasks_and_so_keeps_what_scaling_made(
    stacks: dict[str, Stack], name: str
) -> None:
    assert "DesiredCount" not in stacks[name]["Service"]


@BOTH
def test_a_deployment_can_begin_with_the_fewest_tasks(stacks: dict[str, Stack], name: str) -> None:
    # ECS rounds the greatest number of tasks during a deployment down; even so one more than the fewest must fit.
    most = stacks[name]["Service"]["DeploymentConfiguration"]["MaximumPercent"]
    fewest = load("service")["Parameters"]["MinTasks"]["MinValue"]
    assert fewest * most // 100 > fewest


def test_a_page_is_reached_by_its_paths(stacks: dict[str, Stack]) -> None:
    rule = Stack("service", stacks["sessions"], Name="login", Paths="/login,/login/*", Priority="10")["Rule"]
    assert rule["Conditions"][0]["PathPatternConfig"]["Values"] == ["/login", "/login/*"]
    assert rule["Priority"] == "10"


def test_the_service_waits_for_the_rule(stacks: dict[str, Stack]) -> None:
    # ECS refuses a target group that belongs to no load balancer yet.
    assert "<service.Rule>" in str(stacks["service"]["Service"])


def test_no_way_leads_from_the_load_balancer_to_the_api(stacks: dict[str, Stack]) -> None:
    api = stacks["api"]
    assert not [made for made in api.resources.values() if "LoadBalancing" in made["Type"]]
    assert api["Service"]["LoadBalancers"] == []


def test_pages_find_the_api_by_the_name_that_they_are_told(stacks: dict[str, Stack]) -> None:
    [offer] = stacks["api"]["Service"]["ServiceConnectConfiguration"]["Services"]
    [alias] = offer["ClientAliases"]
    told = {one["Name"]: one["Value"] for one in container(stacks["service"])["Environment"]}
    assert told["CHEMTRACK_API_URL"] == f"http://{alias['DnsName']}:{alias['Port']}"
    assert offer["PortName"] == container(stacks["api"])["PortMappings"][0]["Name"]
    page = stacks["service"]["Service"]["ServiceConnectConfiguration"]
    assert page["Namespace"] == stacks["api"]["Service"]["ServiceConnectConfiguration"]["Namespace"]
    assert page["Services"] == [], "a page offers nothing"


def test_a_long_import_or_export_is_not_cut(stacks: dict[str, Stack]) -> None:
    [offer] = stacks["api"]["Service"]["ServiceConnectConfiguration"]["Services"]
    seconds = offer["Timeout"]
    assert min(seconds.values()) >= 600
    told = {one["Name"]: one["Value"] for one in container(stacks["api"])["Environment"]}
    assert int(told["UVICORN_TIMEOUT_KEEP_ALIVE"]) > seconds["IdleTimeoutSeconds"]


@BOTH
def test_the_container_has_time_to_end_its_requests(stacks: dict[str, Stack], name: str) -> None:
    pages = (FOLDER.parent / "pages" / "gunicorn.conf.py").read_text()
    graceful = next(line for line in pages.splitlines() if line.startswith("graceful_timeout = "))
    assert container(stacks[name])["StopTimeout"] > int(graceful.split()[2])


def test_only_the_api_reads_logins_and_the_databases_secrets(stacks: dict[str, Stack]) -> None:
    logins, chemuser, chemadmin = (
        "<platform.Logins>",
        "<database.ChemuserPassword>",
        "<database.ChemadminPassword>",
    )
    api, page = allowed(stacks["api"]), allowed(stacks["service"])
    assert api[logins] == {"secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue"}
    assert api[chemuser] == api[chemadmin] == {"secretsmanager:GetSecretValue"}
    assert not {logins, chemuser, chemadmin} & set(page)
    assert set(allowed(stacks["sql"])) & {logins} == set()


def test_the_program_of_a_page_may_do_nothing_in_aws(stacks: dict[str, Stack]) -> None:
    assert stacks["service"]["TaskRole"]["Policies"] == []
    for name in ("service", "api"):
        assert not stacks[name].of_type("AWS::IAM::Policy"), "the role's own policies are there before the task is"


@BOTH
def test_each_service_has_roles_of_its_own_and_pulls_its_own_image_only(stacks: dict[str, Stack], name: str) -> None:
    stack = stacks[name]
    own = "login" if name == "service" else "api"
    assert {role["RoleName"] for role in stack.of_type("AWS::IAM::Role").values()} == {
        f"chemtrack-{own}-execution-test",
        f"chemtrack-{own}-task-test",
    }
    [repository] = [resource for resource in allowed(stack) if ":ecr:" in resource]
    assert repository.endswith(f":repository/chemtrack-{own}-test")


def settings(name: str) -> dict[str, bool]:
    """Each environment variable of the program's settings → whether the program cannot start without it."""
    from api.core.config import Settings
    from pages.common.config import PageSettings

    return {
        str(about.validation_alias or f"CHEMTRACK_{field.upper()}"): about.is_required()
        for field, about in (Settings if name == "api" else PageSettings).model_fields.items()
    }


@BOTH
def test_a_task_gets_the_environment_that_its_settings_need(stacks: dict[str, Stack], name: str) -> None:
    only, known = container(stacks[name]), settings(name)
    told = {one["Name"] for one in only["Environment"] + only["Secrets"]}
    assert {word for word in told if word.startswith("CHEMTRACK_")} <= {
        *known,
        "CHEMTRACK_WORKERS",
    }  # read by gunicorn.conf.py
    assert {variable for variable, needed in known.items() if needed} <= told


@BOTH
def test_no_secret_stands_in_a_tasks_plain_environment(stacks: dict[str, Stack], name: str) -> None:
    for one in container(stacks[name])["Environment"]:
        assert not any(word in one["Name"] for word in ("PASSWORD", "TOKEN", "KEY")) or one["Name"].endswith("ALIVE")


def test_the_sql_task_gets_the_environment_that_its_script_needs(stacks: dict[str, Stack]) -> None:
    script = (FOLDER.parent / "sql" / "database.sh").read_text()
    only = container(stacks["sql"])
    told = {one["Name"] for one in only["Environment"] + only["Secrets"]}
    assert {"PGHOST", "PGPORT", "PGDATABASE", "PGUSER", "PGPASSWORD", "PGSSLMODE"} <= told
    for secret in ("CHEMTRACK_CHEMUSER_PASSWORD", "CHEMTRACK_CHEMADMIN_PASSWORD"):
        assert secret in told
        assert secret in script
    assert only["Command"] == ["apply"]
    users = [one["ValueFrom"] for one in only["Secrets"] if one["Name"].startswith("PG")]
    assert [user.rsplit(":", 3)[1:] for user in users] == [["username", "", ""], ["password", "", ""]]


def test_every_pages_entry_makes_a_rule_of_its_own(stacks: dict[str, Stack]) -> None:
    routes = json.loads((FOLDER / "pages.json").read_text())
    patterns = [path for route in routes.values() for path in route["paths"]]
    assert len(set(patterns)) == len(patterns)
    most = load("service")["Parameters"]["Priority"]["MaxValue"]
    assert all(1 <= route["priority"] <= most for route in routes.values())
