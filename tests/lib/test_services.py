"""The load balancer and the services that Pulumi makes."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.aws.templates import FOLDER
from tests.installation import PAGES
from tests.lib.conftest import build
from tests.lib.program import Program

SERVICES = ["api", *PAGES]
TABLE: dict[str, Any] = json.loads((FOLDER / "pages.json").read_text())
each_service = pytest.mark.parametrize("name", SERVICES)
each_page = pytest.mark.parametrize("name", PAGES)


def test_the_load_balancer_faces_the_internet(program: Program) -> None:
    assert program["alb"]["internal"] is False


def test_browsers_are_led_to_https(program: Program) -> None:
    https, http = program["listener-https"], program["listener-http"]
    assert (https["port"], https["protocol"]) == (443, "HTTPS")
    assert https["sslPolicy"] == "ELBSecurityPolicy-TLS13-1-2-Res-2021-06"
    assert https["certificateArn"] == "arn:aws:acm:us-east-2:123456789012:certificate/1"
    assert (http["port"], http["protocol"]) == (80, "HTTP")
    [action] = http["defaultActions"]
    assert action == {
        "type": "redirect",
        "redirect": {"protocol": "HTTPS", "port": "443", "statusCode": "HTTP_301"},
    }


def rules(program: Program) -> dict[str, tuple[int, list[str], str]]:
    """Name → priority, paths and target group of each rule."""
    found = {}
    for name, rule in program.of_type("lb/listenerRule").items():
        assert rule["listenerArn"] == "<listener-https-test.arn>"
        [condition], [action] = rule["conditions"], rule["actions"]
        assert action["type"] == "forward"
        found[name.removeprefix("rule-")] = (
            int(rule["priority"]),
            condition["pathPattern"]["values"],
            action["targetGroupArn"],
        )
    return found


def test_every_page_has_the_rule_that_pages_json_says_and_health_is_answered(program: Program) -> None:
    expected = {page: (entry["priority"], entry["paths"], f"<target-{page}-test.arn>") for page, entry in TABLE.items()}
    assert rules(program) == expected | {"health": (1, ["/health"], "<target-home-test.arn>")}


def test_api_paths_lead_to_the_page_that_owns_them_and_never_to_the_api(program: Program) -> None:
    owners = {target for _, paths, target in rules(program).values() if any(path.startswith("/api") for path in paths)}
    expected = {f"<target-{page}-test.arn>" for page, entry in TABLE.items() if "/api/*" in entry["paths"]}
    assert owners == expected
    assert "target-api" not in program.of_type("lb/targetGroup")


def test_an_address_without_a_page_is_answered_404(program: Program) -> None:
    [action] = program["listener-https"]["defaultActions"]
    assert action["fixedResponse"]["statusCode"] == "404"


@each_page
def test_a_page_is_asked_for_its_health_every_30_seconds_on_port_5000(program: Program, name: str) -> None:
    group = program[f"target-{name}"]
    assert (group["port"], group["protocol"], group["targetType"]) == (5000, "HTTP", "ip")
    assert group["healthCheck"]["path"] == "/health"
    assert group["healthCheck"]["interval"] == 30
    [joined] = program[f"service-{name}"]["loadBalancers"]
    assert joined == {"containerName": name, "containerPort": 5000, "targetGroupArn": f"<target-{name}-test.arn>"}


def test_there_is_a_service_for_each_page_and_the_api(program: Program) -> None:
    assert set(program.of_type("ecs/service")) == {f"service-{name}" for name in SERVICES}


@each_service
def test_a_task_is_512_by_1024_on_fargate(program: Program, name: str) -> None:
    task = program[f"task-{name}"]
    assert (task["requiresCompatibilities"], task["cpu"], task["memory"]) == (["FARGATE"], "512", "1024")
    assert program[f"service-{name}"]["launchType"] == "FARGATE"


@each_service
def test_a_service_begins_with_two_tasks(program: Program, name: str) -> None:
    assert program[f"service-{name}"]["desiredCount"] == 2


@each_service
def test_two_to_ten_tasks_aim_at_70_percent_with_300_seconds_between(program: Program, name: str) -> None:
    target = program[f"scaling-target-{name}"]
    assert (target["minCapacity"], target["maxCapacity"]) == (2, 10)
    assert target["resourceId"] == f"service/cluster-test/service-{name}-test"
    policy = program[f"scaling-policy-{name}"]
    assert policy["resourceId"] == target["resourceId"]
    tracking = policy["targetTrackingScalingPolicyConfiguration"]
    assert tracking["targetValue"] == 70
    assert tracking["scaleInCooldown"] == tracking["scaleOutCooldown"] == 300
    assert tracking["predefinedMetricSpecification"] == {"predefinedMetricType": "ECSServiceAverageCPUUtilization"}


@each_service
def test_a_deployment_that_fails_goes_back_and_pulumi_says_so(program: Program, name: str) -> None:
    service = program[f"service-{name}"]
    assert service["deploymentCircuitBreaker"] == {"enable": True, "rollback": True}
    assert service["deploymentMinimumHealthyPercent"] == 100
    assert service["waitForSteadyState"] is True


@each_service
def test_a_container_listens_on_port_5000(program: Program, name: str) -> None:
    container = program.container(name)
    [port] = container["portMappings"]
    assert port["containerPort"] == 5000
    variables = {one["name"]: one["value"] for one in container["environment"]}
    if name == "api":
        assert container["command"][-4:] == ["--host", "0.0.0.0", "--port", "5000"]
    else:
        assert variables["CHEMTRACK_BIND"] == "0.0.0.0:5000"
    assert "http://127.0.0.1:5000/health" in container["healthCheck"]["command"][-1]
    assert container["healthCheck"]["interval"] == 30


def test_pages_find_the_api_by_service_connect(program: Program) -> None:
    [service] = program["service-api"]["serviceConnectConfiguration"]["services"]
    [alias] = service["clientAlias"]
    for page in PAGES:
        variables = {one["name"]: one["value"] for one in program.container(page)["environment"]}
        assert variables["CHEMTRACK_API_URL"] == f"http://{alias['dnsName']}:{alias['port']:.0f}"
        connect = program[f"service-{page}"]["serviceConnectConfiguration"]
        assert (connect["enabled"], connect["services"]) == (True, [])
        assert connect["namespace"] == "<namespace-test.arn>"


def test_nobody_reaches_the_api_by_the_load_balancer(program: Program) -> None:
    assert "loadBalancers" not in program["service-api"]


@pytest.mark.parametrize("name", [*SERVICES, "sql"])
def test_a_log_is_kept_7_days_and_its_streams_begin_with_the_family(program: Program, name: str) -> None:
    assert program[f"log-group-{name}"] == {"name": f"/ecs/task-{name}-test", "retentionInDays": 7}
    options = program.container(name)["logConfiguration"]["options"]
    assert options == {
        "awslogs-group": f"/ecs/task-{name}-test",
        "awslogs-region": "us-east-2",
        "awslogs-stream-prefix": program[f"task-{name}"]["family"],
    }
    assert program[f"task-{name}"]["family"] == f"task-{name}-test"


def test_every_log_is_kept_7_days(program: Program) -> None:
    assert {group["retentionInDays"] for group in program.of_type("cloudwatch/logGroup").values()} == {7}


@pytest.mark.parametrize("name", [*SERVICES, "sql"])
def test_a_task_runs_its_own_image_of_the_tag_that_was_chosen(program: Program, name: str) -> None:
    assert program.container(name)["image"] == f"<repository-{name}-test.repositoryUrl>:1a2b3c4d5e6f"


@pytest.mark.parametrize("name", [*SERVICES, "sql"])
def test_a_container_may_change_nothing_of_its_image(program: Program, name: str) -> None:
    container = program.container(name)
    assert container["readonlyRootFilesystem"] is True
    assert container["user"] == "1000"
    assert container["linuxParameters"]["capabilities"] == {"drop": ["ALL"]}


def test_the_task_sql_runs_before_the_services_whenever_its_definition_is_new(program: Program) -> None:
    command = program["run-sql"]
    assert command["create"] == "./run_sql.sh"
    assert command["triggers"] == ["<task-sql-test.arn>"]
    assert command["environment"] == {"SQL_TASK": program.outputs["sqlTask"]}
    assert program.outputs["sqlTask"].split()[:3] == ["task-sql-test", "<task-sql-test.arn>", "cluster-test"]
    assert program.container("sql")["command"] == ["apply"]


def test_one_page_can_go_back_to_an_earlier_image(python: Path) -> None:
    program = build(python, tags=json.dumps({"checkout": "0123abcd"}))
    assert program.container("checkout")["image"].endswith(":0123abcd")
    assert program.container("checkin")["image"].endswith(":1a2b3c4d5e6f")


def test_without_a_tag_all_but_the_tasks_is_made(python: Path, program: Program) -> None:
    first = build(python, tag=None)
    assert not first.of_type("ecs/taskDefinition")
    assert not first.of_type("ecs/service")
    assert "run-sql-test" not in first.made
    assert set(first.of_type("ecr/repository")) == set(program.of_type("ecr/repository"))
    assert {name: one["inputs"] for name, one in first.made.items()} == {
        name: program.made[name]["inputs"] for name in first.made
    }
