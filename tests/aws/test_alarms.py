"""Alarms: made only where there is a topic, each with the figures that its sentence names, about a thing that the stacks make."""

import re
from typing import Any

import pytest

from tests.aws.templates import Stack, whole
from tests.conftest import ROOT

TOPIC = "arn:aws:sns:us-east-1:123456789012:alarms"
KIND = "AWS::CloudWatch::Alarm"
PAGE = {"LoadBalancer": "app/chemtrack/50dc6c49", "TargetGroup": "<service.TargetGroup.TargetGroupFullName>"}
DATABASE = {"DBInstanceIdentifier": "<database.Database>"}


def tasks(name: str) -> dict[str, str]:
    return {"ClusterName": "<platform.Cluster>", "ServiceName": f"<{name}.Service.Name>"}


# Name → metric, what it is of, how it is counted, and for how many minutes it has to be above or below what
ALARMS: dict[str, tuple[str, dict[str, str], str, int, str, float]] = {
    "platform-5xx": ("AWS/ApplicationELB HTTPCode_ELB_5XX_Count", {"LoadBalancer": "<platform.LoadBalancer.LoadBalancerFullName>"}, "Sum", 5, ">", 5),
    "login-cpu": ("AWS/ECS CPUUtilization", tasks("service"), "Average", 15, ">", 90),
    "login-unhealthy": ("AWS/ApplicationELB UnHealthyHostCount", PAGE, "Maximum", 5, ">", 0),
    "login-5xx": ("AWS/ApplicationELB HTTPCode_Target_5XX_Count", PAGE, "Sum", 5, ">", 5),
    "api-cpu": ("AWS/ECS CPUUtilization", tasks("service"), "Average", 15, ">", 90),
    "refused-sign-ins": ("ChemTrack/test refused-sign-ins", {}, "Sum", 5, ">", 100),
    "broken-isolation": ("ChemTrack/test broken-isolation", {}, "Sum", 5, ">", 0),
    "unreadable-logins": ("ChemTrack/test unreadable-logins", {}, "Sum", 5, ">", 0),
    "database-cpu": ("AWS/RDS CPUUtilization", DATABASE, "Average", 15, ">", 80),
    "database-storage": ("AWS/RDS FreeStorageSpace", DATABASE, "Minimum", 5, "<", 2 * 1024**3),
    "database-connections": ("AWS/RDS DatabaseConnections", DATABASE, "Maximum", 3, ">", 80),
}  # fmt: skip
OPERATORS = {"GreaterThanThreshold": ">", "LessThanThreshold": "<"}


@pytest.fixture(scope="module")
def alarms() -> dict[str, dict[str, Any]]:
    """Each alarm of an environment with a topic, by its name without chemtrack- and the environment."""
    stacks = whole(AlarmTopicArn=TOPIC)
    made = [alarm for stack in stacks.values() for alarm in stack.of_type(KIND).values()]
    return {alarm["AlarmName"].removeprefix("chemtrack-").removesuffix("-test"): alarm for alarm in made}


def test_there_is_an_alarm_for_each_thing_that_should_not_wait(alarms: dict[str, dict[str, Any]]) -> None:
    assert set(alarms) == set(ALARMS)


@pytest.mark.parametrize("name", ALARMS)
def test_an_alarm_watches_what_it_is_named_for(alarms: dict[str, dict[str, Any]], name: str) -> None:
    alarm = alarms[name]
    dimensions = {one["Name"]: one["Value"] for one in alarm.get("Dimensions", [])}
    minutes = int(alarm["Period"]) * int(alarm["EvaluationPeriods"]) / 60
    operator, threshold = OPERATORS[alarm["ComparisonOperator"]], float(alarm["Threshold"])
    metric = f"{alarm['Namespace']} {alarm['MetricName']}"
    assert (metric, dimensions, alarm["Statistic"], minutes, operator, threshold) == ALARMS[name]
    assert alarm["AlarmActions"] == alarm["OKActions"] == [TOPIC], "somebody hears that it began and that it is over"


@pytest.mark.parametrize("name", ALARMS)
def test_no_news_is_no_alarm_where_a_metric_comes_only_with_what_it_counts(
    alarms: dict[str, dict[str, Any]], name: str
) -> None:
    counts_events = alarms[name]["Namespace"] in ("AWS/ApplicationELB", "ChemTrack/test")
    assert alarms[name].get("TreatMissingData") == ("notBreaching" if counts_events else None)


def test_without_a_topic_there_are_none() -> None:
    assert not [name for name, stack in whole().items() if stack.of_type(KIND)]


def test_a_database_of_each_class_is_watched_at_four_fifths_of_its_connections() -> None:
    for figures in Stack("database", whole()["platform"]).template["Mappings"]["Classes"].values():
        assert int(figures["AlarmAt"]) * 5 == int(figures["Connections"]) * 4


def test_an_alarm_of_a_log_waits_for_a_line_that_the_api_writes(alarms: dict[str, dict[str, Any]]) -> None:
    filters = whole(AlarmTopicArn=TOPIC)["api"].of_type("AWS::Logs::MetricFilter").values()
    written = "".join(file.read_text() for file in (ROOT / "api").rglob("*.py"))
    counted = set()
    for one in filters:
        [message] = re.findall(r'^{ \$\.message = "([^"]+)" }$', one["FilterPattern"])
        assert f'("{message.rstrip("*")}' in written, message
        [metric] = one["MetricTransformations"]
        counted.add(f"{metric['MetricNamespace']} {metric['MetricName']}")
    assert counted == {metric for metric, *_ in ALARMS.values() if metric.startswith("ChemTrack/")}
