"""Alarms of CloudWatch. They tell the topic alarmTopicArn; without it they are only seen in CloudWatch."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

from settings import Settings

ABOVE, BELOW = "GreaterThanThreshold", "LessThanThreshold"


def make_alarm(
    settings: Settings,
    what: str,
    metric: str,
    of: Mapping[str, pulumi.Input[str]],
    says: str,
    *,
    threshold: float,
    statistic: str,
    period: int = 300,
    periods: int = 1,
    operator: str = ABOVE,
    comes_with_events: bool = False,
    opts: pulumi.ResourceOptions,
) -> None:
    """An alarm when `metric` (namespace and name) of the thing `of` is beyond the threshold in each of `periods`, which have `period` seconds.

    A metric that comes only with what it counts is missing while nothing happens, which is then no alarm.
    """
    namespace, metric_name = metric.split(" ")
    name = settings.name("alarm", what)
    topics = [settings.alarm_topic_arn] if settings.alarm_topic_arn else []
    aws.cloudwatch.MetricAlarm(
        name,
        name=name,
        alarm_description=says,
        namespace=namespace,
        metric_name=metric_name,
        dimensions=of,
        statistic=statistic,
        period=period,
        evaluation_periods=periods,
        threshold=threshold,
        comparison_operator=operator,
        treat_missing_data="notBreaching" if comes_with_events else "missing",
        alarm_actions=topics,
        ok_actions=topics,
        opts=opts,
    )


def watch_api_log(settings: Settings, log_group: pulumi.Input[str], opts: pulumi.ResourceOptions) -> None:
    """Alarms for lines of the API's log that somebody should look at."""
    lines = (
        (
            "refused-sign-ins",
            "sign-in refused",
            100,
            "More than a hundred sign-ins were refused in five minutes. Somebody guesses passwords; Events in Administration shows for which users.",
        ),
        (
            "broken-isolation",
            "the proof of isolation does not hold",
            0,
            "An administrator proved the isolation of labs, and it does not hold.",
        ),
        (
            "unreadable-logins",
            "the secret of logins*",
            0,
            "The secret of logins is no JSON object, so nobody can sign in.",
        ),
    )
    namespace = f"ChemTrack/{settings.suffix}"
    for what, message, threshold, says in lines:
        name = settings.name("metric", what)
        aws.cloudwatch.LogMetricFilter(
            name,
            name=name,
            log_group_name=log_group,
            pattern=f'{{ $.message = "{message}" }}',
            metric_transformation={"namespace": namespace, "name": what, "value": "1", "default_value": "0"},
            opts=opts,
        )
        make_alarm(
            settings,
            what,
            f"{namespace} {what}",
            {},
            says,
            threshold=threshold,
            statistic="Sum",
            comes_with_events=True,
            opts=opts,
        )
