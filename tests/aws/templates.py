"""Reads the templates and evaluates their functions as CloudFormation would, for given parameters."""

import functools
import re
from typing import Any

import yaml

from tests.conftest import ROOT

FOLDER = ROOT / "cloudformation"
PSEUDO = {
    "AWS::Region": "us-east-1",
    "AWS::AccountId": "123456789012",
    "AWS::Partition": "aws",
    "AWS::NoValue": None,
    # The ARN that !Ref of a listener gives; service.yaml takes parts out of it.
    "HttpsListener": "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/chemtrack/50dc6c49/f2f7dc8e",
}


# What the scripts tell every stack, unless an environment says another value
FIGURES = dict(
    line.split("=", 1)
    for line in (FOLDER / "figures.parameters").read_text().splitlines()
    if line and not line.startswith("#")
)


class Loader(yaml.SafeLoader):
    """Reads YAML, and short forms such as !Ref as their long form."""


def _long_form(loader: Loader, tag: str, node: yaml.Node) -> dict[str, Any]:
    value: Any
    if isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    elif isinstance(node, yaml.MappingNode):
        value = loader.construct_mapping(node, deep=True)
    else:
        value = loader.construct_scalar(node)  # type: ignore[arg-type]
    return {tag if tag in ("Ref", "Condition") else f"Fn::{tag}": value}


Loader.add_multi_constructor("!", _long_form)
# CloudFormation reads yes and no as words, and so do its parameters.
Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(true|false)$"), ["t", "f"])


def names() -> list[str]:
    """All templates, such as "service"."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


@functools.cache
def load(name: str) -> dict[str, Any]:
    """A template as it is written."""
    template: dict[str, Any] = yaml.load((FOLDER / f"{name}.yaml").read_text(), Loader)
    return template


def find(tree: Any, key: str) -> list[Any]:
    """The values of `key`, wherever it is in a tree of mappings and lists."""
    found = []
    if isinstance(tree, dict):
        found += [value for name, value in tree.items() if name == key]
    for branch in tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ():
        found += find(branch, key)
    return found


class Stack:
    """A template worked out: `resources` are those that its conditions let be, with their properties.

    What only AWS can know is named in angle brackets: <database.Database.Endpoint.Address>. `exports` are what this stack
    and those that it stands `on` export; to import anything else is a KeyError.
    """

    def __init__(self, name: str, on: "Stack | None" = None, **parameters: str) -> None:
        self.name, self.template = name, load(name)
        self.imports: dict[str, str] = dict(on.exports) if on else {}
        self.parameters: dict[str, Any] = dict(PSEUDO)
        for parameter, said in self.template["Parameters"].items():
            default: Any = FIGURES.get(parameter, said.get("Default", f"<{parameter}>"))
            if parameter in FIGURES and said["Type"] == "Number":
                default = int(default)
            value = {"Environment": "test", **parameters}.get(parameter, default)
            is_list = said["Type"] == "CommaDelimitedList" or said["Type"].startswith("List<")
            self.parameters[parameter] = str(value).split(",") if is_list else value
        self.resources: dict[str, dict[str, Any]] = {
            logical: {**resource, "Properties": self.work_out(resource.get("Properties", {}))}
            for logical, resource in self.template["Resources"].items()
            if "Condition" not in resource or self.holds(resource["Condition"])
        }
        self.outputs = {
            output: self.work_out(said["Value"])
            for output, said in self.template.get("Outputs", {}).items()
            if "Condition" not in said or self.holds(said["Condition"])
        }
        self.exports: dict[str, str] = self.imports | {
            self.work_out(self.template["Outputs"][output]["Export"]["Name"]): value
            for output, value in self.outputs.items()
            if "Export" in self.template["Outputs"][output]
        }

    def __getitem__(self, logical: str) -> Any:
        """The properties of a resource."""
        return self.resources[logical]["Properties"]

    def of_type(self, kind: str) -> dict[str, Any]:
        """The properties of the resources of a type, such as AWS::IAM::Role."""
        return {name: made["Properties"] for name, made in self.resources.items() if made["Type"] == kind}

    def holds(self, condition: str) -> bool:
        return bool(self.work_out(self.template["Conditions"][condition]))

    def work_out(self, tree: Any) -> Any:
        """The tree with every function replaced by its value; entries that are AWS::NoValue are left out."""
        match tree:
            case list():
                return [worked for branch in tree if (worked := self.work_out(branch)) is not None]
            case {"Ref": str(name)}:
                return self.parameters.get(name, f"<{self.name}.{name}>")
            case {"Fn::GetAtt": of}:
                return f"<{self.name}.{'.'.join(of)}>"
            case {"Fn::ImportValue": of}:
                return self.imports[self.work_out(of)]
            case {"Fn::Sub": [str(text), dict(values)]}:
                return self._fill_in(text, self.work_out(values))
            case {"Fn::Sub": str(text)}:
                return self._fill_in(text, {})
            case {"Fn::If": [condition, yes, no]}:
                return self.work_out(yes if self.holds(condition) else no)
            case {"Fn::Equals": [one, other]}:
                return self.work_out(one) == self.work_out(other)
            case {"Fn::Not": [one]}:
                return not self.work_out(one)
            case {"Fn::And": several}:
                return all(self.work_out(several))
            case {"Fn::Or": several}:
                return any(self.work_out(several))
            case {"Condition": str(name)}:
                return self.holds(name)
            case {"Fn::Join": [by, several]}:
                return by.join(self.work_out(several))
            case {"Fn::Split": [by, one]}:
                return self.work_out(one).split(by)
            case {"Fn::Select": [index, several]}:
                return self.work_out(several)[int(index)]
            case {"Fn::FindInMap": [name, first, second]}:
                return self.template["Mappings"][name][self.work_out(first)][second]
            case {"Fn::GetAZs": _}:
                return ["us-east-1a", "us-east-1b"]
            case dict():
                return {key: worked for key, branch in tree.items() if (worked := self.work_out(branch)) is not None}
        return tree

    def _fill_in(self, text: str, values: dict[str, str]) -> str:
        known = {**self.parameters, **values}
        return re.sub(r"\$\{([A-Za-z0-9:.]+)\}", lambda hole: str(known.get(hole[1], f"<{self.name}.{hole[1]}>")), text)


def whole(**parameters: str) -> dict[str, Stack]:
    """All stacks of an environment, each with the exports of those before it; a stack takes those `parameters` that its template has."""
    stacks: dict[str, Stack] = {}
    on = None
    for name in ("registry", "network", "endpoints", "platform", "database", "sessions", "sql", "service"):
        known = load(name)["Parameters"]
        given = {"Name": "login", "Image": "registry/chemtrack:tag", "Paths": "/login,/login/*", **parameters}
        on = stacks[name] = Stack(name, on, **{key: value for key, value in given.items() if key in known})
    known = load("service")["Parameters"]
    stacks["api"] = Stack(
        "service", on, **{key: value for key, value in (given | {"Name": "api"}).items() if key in known}
    )
    return stacks
