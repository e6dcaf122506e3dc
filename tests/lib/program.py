"""What Pulumi's program would make, as plain data for the tests."""

import json
from typing import Any

SECRET = "4dabf18193072939515e22adb298388d"
"""The key by which Pulumi marks a value as secret."""


def plain(value: Any) -> Any:
    """The value without the marks of secrets."""
    if isinstance(value, dict):
        return plain(value["value"]) if SECRET in value else {key: plain(one) for key, one in value.items()}
    return [plain(one) for one in value] if isinstance(value, list) else value


class Program:
    """`made` has the resources by their name, as the program tells them to Pulumi; `outputs` what it says at its end."""

    def __init__(self, built: dict[str, Any]) -> None:
        self.made: dict[str, dict[str, Any]] = {one["name"]: one for one in built["made"]}
        assert len(self.made) == len(built["made"]), "two resources of one name"
        self.outputs: dict[str, Any] = built["outputs"]

    def __getitem__(self, name: str) -> dict[str, Any]:
        """The properties of a resource; of its name only the environment is left out."""
        found: dict[str, Any] = plain(self.made[f"{name}-test"]["inputs"])
        return found

    def of_type(self, kind: str) -> dict[str, dict[str, Any]]:
        """The properties of all resources of a type, such as ecs/service, by their names without the environment."""
        _, _, short = kind.partition("/")
        wanted = f"aws:{kind}:{short[0].upper()}{short[1:]}"
        return {
            name.removesuffix("-test"): plain(one["inputs"]) for name, one in self.made.items() if one["type"] == wanted
        }

    def container(self, what: str) -> dict[str, Any]:
        """The only container of a task."""
        [only] = json.loads(self[f"task-{what}"]["containerDefinitions"])
        found: dict[str, Any] = only
        return found

    def statements(self, role: str) -> list[dict[str, Any]]:
        """What a role allows; a role has one policy, or none."""
        found: list[dict[str, Any]] = []
        for policy in self.of_type("iam/rolePolicy").values():
            if policy["role"] == f"{role}-test":
                found += json.loads(policy["policy"])["Statement"]
        return found
