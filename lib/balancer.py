"""The load balancer, which faces the internet: HTTPS, to which HTTP is redirected, and a rule for each page."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws

from alarms import make_alarm
from settings import PORT, Page, Settings

HEALTH = "/health"
NOTHING_HERE = (
    "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>"
    " <meta name=color-scheme content='light dark'><title>There is nothing here · ChemTrack</title>"
    " <h1>There is nothing here</h1><p>No page of ChemTrack has this address.</p><p><a href=/>Home</a></p></html>"
)


class Balancer(pulumi.ComponentResource):
    """`target_groups` by page; `rules` must stand before the services, because ECS refuses a target group without a listener."""

    def __init__(
        self,
        settings: Settings,
        vpc_id: pulumi.Output[str],
        subnets: list[pulumi.Output[str]],
        security_group: pulumi.Output[str],
        opts: pulumi.ResourceOptions,
    ) -> None:
        super().__init__("chemtrack:aws:Balancer", settings.name("balancer"), None, opts)
        self._settings, self._child = settings, pulumi.ResourceOptions(parent=self)
        name = settings.name("alb")
        self.load_balancer = aws.lb.LoadBalancer(
            name,
            name=name,
            load_balancer_type="application",
            internal=False,
            subnets=subnets,
            security_groups=[security_group],
            idle_timeout=60,  # less than the 75 s of the pages' gunicorn, so that a page never closes a connection first
            drop_invalid_header_fields=True,
            enable_deletion_protection=False,
            opts=self._child,
        )
        self.listener = self._https()
        self._redirect_to_https()
        self.target_groups = {page.name: self._target_group(page.name, vpc_id) for page in settings.pages}
        self.rules = [self._rule(page.name, page) for page in settings.pages]
        # The load balancer's own health can be asked for by name: the page home answers.
        self.rules.append(self._rule("health", Page("home", 1, [HEALTH])))
        make_alarm(
            settings,
            "alb-5xx",
            "AWS/ApplicationELB HTTPCode_ELB_5XX_Count",
            {"LoadBalancer": self.load_balancer.arn_suffix},
            "The load balancer itself answered with errors. No page was there, or it did not answer in time.",
            threshold=5,
            statistic="Sum",
            comes_with_events=True,
            opts=self._child,
        )
        self.register_outputs({})

    def _https(self) -> aws.lb.Listener:
        # Pages send these headers themselves; the listener's own answers have them from here. Not Content-Security-Policy: a value here
        # would replace each page's own.
        return aws.lb.Listener(
            self._settings.name("listener-https"),
            load_balancer_arn=self.load_balancer.arn,
            port=443,
            protocol="HTTPS",
            ssl_policy="ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
            certificate_arn=self._settings.certificate_arn,
            routing_http_response_strict_transport_security_header_value="max-age=31556926; includeSubDomains",
            routing_http_response_x_content_type_options_header_value="nosniff",
            routing_http_response_x_frame_options_header_value="DENY",
            default_actions=[
                {
                    "type": "fixed-response",
                    "fixed_response": {
                        "status_code": "404",
                        "content_type": "text/html",
                        "message_body": NOTHING_HERE,
                    },
                }
            ],
            opts=self._child,
        )

    def _redirect_to_https(self) -> None:
        aws.lb.Listener(
            self._settings.name("listener-http"),
            load_balancer_arn=self.load_balancer.arn,
            port=80,
            protocol="HTTP",
            routing_http_response_x_content_type_options_header_value="nosniff",
            routing_http_response_x_frame_options_header_value="DENY",
            default_actions=[
                {"type": "redirect", "redirect": {"protocol": "HTTPS", "port": "443", "status_code": "HTTP_301"}}
            ],
            opts=self._child,
        )

    def _target_group(self, page: str, vpc_id: pulumi.Output[str]) -> aws.lb.TargetGroup:
        name = self._settings.name("target", page)
        return aws.lb.TargetGroup(
            name,
            name=name,
            vpc_id=vpc_id,
            target_type="ip",
            protocol="HTTP",
            port=PORT,
            deregistration_delay=30,
            health_check={
                "path": HEALTH,
                "interval": self._settings.figures.health_seconds,
                "timeout": 5,
                "healthy_threshold": 2,
                "unhealthy_threshold": 3,
                "matcher": "200",
            },
            opts=self._child,
        )

    def _rule(self, what: str, page: Page) -> aws.lb.ListenerRule:
        return aws.lb.ListenerRule(
            self._settings.name("rule", what),
            listener_arn=self.listener.arn,
            priority=page.priority,
            conditions=[{"path_pattern": {"values": page.paths}}],
            actions=[{"type": "forward", "target_group_arn": self.target_groups[page.name].arn}],
            opts=self._child,
        )
