"""The scripts for AWS: what they refuse, and what they do to an account on moto."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from moto.ecs import models as moto_ecs

from tests.aws.account import ENVIRONMENT, Account, copy_project, mend_change_sets, run
from tests.conftest import ROOT

SCRIPTS = [
    "build_and_push.sh",
    "deploy_containers.sh",
    "cloudformation/deploy_stacks.sh",
    "cloudformation/destroy_stacks.sh",
]
NOWHERE = {"AWS_ENDPOINT_URL": "http://127.0.0.1:1", "DOCKER_HOST": "tcp://127.0.0.1:1"}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    copy_project(folder)
    return folder


def commit(project: Path) -> str:
    told = subprocess.run(
        ["git", "-C", project, "rev-parse", "--short=12", "HEAD"], capture_output=True, text=True, check=True
    )
    return told.stdout.strip()


TOPIC = """
Parameters:
  Environment:
    Type: String
  Colour:
    Type: String
    Default: green
  LogDays:
    Type: Number
  Note:
    Type: String
    Default: ""
Resources:
  Topic:
    Type: AWS::SNS::Topic
    Properties:
      DisplayName: !Sub ${Environment} ${Colour} ${Note}
"""


# -- before anything is asked of AWS ----------------------------------------------------------------------------------


@pytest.mark.parametrize("script", SCRIPTS)
def test_help_prints_the_usage_from_any_folder(script: str, tmp_path: Path) -> None:
    told = subprocess.run(
        [ROOT / script, "--help"], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=30
    )
    assert (told.returncode, told.stderr) == (0, "")
    assert Path(script).name in told.stdout
    assert "set -euo" not in told.stdout


@pytest.mark.parametrize(
    ("script", "arguments", "sentence"),
    [
        ("build_and_push.sh", ["nosuch"], "There is no nosuch. There are: sql api "),
        ("build_and_push.sh", ["../api"], "There is no ../api."),
        ("build_and_push.sh", ["--fast"], "There is no option --fast."),
        ("deploy_containers.sh", ["nosuch"], "There is no nosuch. There are: sql api "),
        ("deploy_containers.sh", ["--fast", "api"], "There is no option --fast."),
        ("cloudformation/destroy_stacks.sh", ["dev", "--fast"], "There is no option --fast."),
        ("cloudformation/deploy_stacks.sh", ["Dev"], 'two to ten small letters and digits, a letter first, not "Dev"'),
        ("cloudformation/deploy_stacks.sh", ["dev-2"], 'a letter first, not "dev-2"'),
        ("cloudformation/deploy_stacks.sh", ["dev"], "AWS does not let you in"),
        ("cloudformation/destroy_stacks.sh", ["dev"], "AWS does not let you in"),
        ("build_and_push.sh", ["api"], "No Docker engine answers."),
    ],
)
def test_wrong_arguments_are_refused_with_a_sentence(
    project: Path, script: str, arguments: list[str], sentence: str
) -> None:
    told = run(project / script, *arguments, **NOWHERE)
    assert told.returncode == 1, told.stdout
    assert sentence in told.stdout


@pytest.mark.parametrize("script", SCRIPTS[1:])
def test_without_arguments_a_script_prints_its_usage(project: Path, script: str) -> None:
    told = run(project / script, **NOWHERE)
    assert told.returncode == 2
    assert f"{script} " in told.stdout


def test_without_a_region_a_script_asks_for_one(project: Path) -> None:
    told = run(project / "cloudformation/deploy_stacks.sh", "dev", **NOWHERE, AWS_REGION="")
    assert told.returncode == 1
    assert "No region is chosen" in told.stdout


def test_a_tree_with_changes_is_refused_unless_told(project: Path) -> None:
    changed = project / "cloudformation" / "pages.json"
    before = changed.read_text()
    try:
        changed.write_text(before + "\n")
        told = run(project / "build_and_push.sh", "api", **NOWHERE)
        assert told.returncode == 1
        assert "The tree has changes that no commit holds:\n M cloudformation/pages.json" in told.stdout
        told = run(project / "build_and_push.sh", "--dirty", "api", **NOWHERE)
        assert "No Docker engine answers." in told.stdout, "it went on"
    finally:
        changed.write_text(before)


def test_the_values_of_an_environment_are_no_change_of_the_tree() -> None:
    def ignored(name: str) -> bool:
        file = f"cloudformation/environments/{name}.parameters"
        return subprocess.run(["git", "-C", ROOT, "check-ignore", "--quiet", file], check=False).returncode == 0

    assert ignored("dev")
    assert not ignored("example")


def test_a_tree_with_changes_has_a_tag_of_its_own_for_each_change(project: Path) -> None:
    def tag() -> str:
        script = f"cd {project} && . cloudformation/stacks.sh && commit_tag"
        return subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True).stdout.strip()

    new = project / "pages" / "new.py"
    assert tag() == commit(project)
    try:
        new.write_text("one")
        one = tag()
        new.write_text("two")
        assert one.startswith(f"{commit(project)}-dirty-")
        assert tag().startswith(f"{commit(project)}-dirty-")
        assert tag() != one
    finally:
        new.unlink()


# -- with an account --------------------------------------------------------------------------------------------------


# These call the AWS CLI a hundred times.
slow = pytest.mark.slow(ci=True)


@pytest.fixture(scope="module")
def account(aws: str, project: Path) -> Iterator[Account]:
    with pytest.MonkeyPatch.context() as patch:
        mend_change_sets(patch)
        patch.setenv("MOTO_ECS_SERVICE_RUNNING", "2")
        yield Account(project, aws)


@pytest.fixture
def standing(account: Account) -> Account:
    """The account with platform and database, made once."""
    if f"chemtrack-platform-{ENVIRONMENT}" not in account.stacks():
        account.stand_up()
    return account


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ("Colour=blue", "no template has a parameter Colour"),
        ("ClientCidr: 10.0.0.0/8", 'a line is Name=value, not "ClientCidr: 10.0.0.0/8"'),
        ("# nothing", "names no VpcId"),
    ],
)
def test_a_wrong_parameter_file_is_refused_before_anything_is_made(account: Account, lines: str, sentence: str) -> None:
    before = account.parameters.read_text()
    try:
        account.parameters.write_text(f"{lines}\n")
        told = account.run("cloudformation/deploy_stacks.sh", ENVIRONMENT)
        assert told.returncode == 1
        assert sentence in told.stdout
        assert account.stacks() == set()
    finally:
        account.parameters.write_text(before)


def test_a_missing_parameter_file_is_named(account: Account) -> None:
    told = account.run("cloudformation/deploy_stacks.sh", "prod", CHEMTRACK_PARAMETERS="")
    assert told.returncode == 1
    assert "There is no cloudformation/environments/prod.parameters." in told.stdout


def deploy_stack(account: Account, *words: str) -> subprocess.CompletedProcess[str]:
    script = account.folder / "deploy_stack"
    script.write_text(
        f"#!/usr/bin/env bash\nset -euo pipefail\nself=$0\ncd {account.folder}\n"
        '. cloudformation/stacks.sh\nenter_environment\ndeploy_stack "$@"\n'
    )
    script.chmod(0o755)
    told = account.run("deploy_stack", *words)
    script.unlink()
    return told


def test_a_parameter_has_the_value_of_the_file_and_else_its_figure_or_default(account: Account) -> None:
    before = account.parameters.read_text()
    template = account.folder / "cloudformation" / "topic.yaml"
    template.write_text(TOPIC)

    def deployed(*words: str) -> dict[str, str]:
        told = deploy_stack(account, "topic", "topic", *words)
        assert told.returncode == 0, told.stdout
        return account.parameters_of("topic")

    try:
        account.parameters.write_text("Colour=blue\n")
        assert deployed() == {"Environment": ENVIRONMENT, "Colour": "blue", "LogDays": "7", "Note": ""}
        account.parameters.write_text("# nothing\nNote=a = b, c\nLogDays=30\n")
        assert deployed() == {"Environment": ENVIRONMENT, "Colour": "green", "LogDays": "30", "Note": "a = b, c"}
        assert deployed("Colour=red")["Colour"] == "red", "what a script says goes before the file"
    finally:
        account.parameters.write_text(before)
        template.unlink()


def test_a_missing_parameter_without_default_is_named(account: Account) -> None:
    told = deploy_stack(account, "platform", "platform", "CertificateArn=x")
    assert told.returncode == 1
    assert "does not say PrivateSubnetIds, which cloudformation/platform.yaml needs" in told.stdout


@slow
def test_a_repository_is_made_as_its_template_says(account: Account) -> None:
    assert deploy_stack(account, "registry-checkout", "registry", "Name=checkout").returncode == 0
    assert deploy_stack(account, "registry-checkout", "registry", "Name=checkout").returncode == 0, "again"
    [made] = account.client("ecr").describe_repositories(repositoryNames=[f"chemtrack-checkout-{ENVIRONMENT}"])[
        "repositories"
    ]
    assert made["imageTagMutability"] == "IMMUTABLE"


@slow
def test_the_remains_of_a_failed_first_deployment_do_not_stop_the_next(account: Account) -> None:
    cloudformation = account.client("cloudformation")
    stack = f"chemtrack-sessions-{ENVIRONMENT}"
    template = (ROOT / "cloudformation" / "sessions.yaml").read_text()
    parameters = [{"ParameterKey": "Environment", "ParameterValue": ENVIRONMENT}]
    cloudformation.create_change_set(
        StackName=stack, ChangeSetName="first", ChangeSetType="CREATE", TemplateBody=template, Parameters=parameters
    )
    assert cloudformation.describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"] == "REVIEW_IN_PROGRESS"
    told = deploy_stack(account, "sessions", "sessions")
    assert told.returncode == 0, told.stdout
    assert account.client("dynamodb").list_tables()["TableNames"] == [f"chemtrack-user-sessions-{ENVIRONMENT}"]


def test_a_warning_of_the_cli_is_not_taken_for_its_answer(account: Account) -> None:
    told = account.run("cloudformation/destroy_stacks.sh", "unused", PYTHONVERBOSE="1")
    assert told.returncode == 0
    assert "There is nothing of the environment unused in eu-central-1 of account 123456789012.\n" in told.stdout


def test_destroying_asks_first_and_leaves_other_environments_alone(account: Account) -> None:
    account.spare("other")
    account.spare(ENVIRONMENT)
    told = account.run("cloudformation/destroy_stacks.sh", ENVIRONMENT)
    assert told.returncode == 1
    assert f"chemtrack-spare-{ENVIRONMENT}" in told.stdout
    assert "chemtrack-spare-other" not in told.stdout
    assert "Nothing was deleted." in told.stdout
    assert {f"chemtrack-spare-{ENVIRONMENT}", "chemtrack-spare-other"} <= account.stacks()


def test_no_service_is_deployed_without_a_platform(account: Account) -> None:
    told = account.run("deploy_containers.sh", "api")
    assert told.returncode == 1
    assert f"There is no platform in the environment {ENVIRONMENT}." in told.stdout


def test_what_was_never_pushed_is_not_deployed(standing: Account, project: Path) -> None:
    told = standing.run("deploy_containers.sh", "api")
    assert told.returncode == 1
    assert f"chemtrack-api-{ENVIRONMENT}:{commit(project)} was never pushed: ./build_and_push.sh api" in told.stdout


def test_no_page_is_deployed_before_the_api(standing: Account, project: Path) -> None:
    standing.push("login", commit(project))
    told = standing.run("deploy_containers.sh", "login")
    assert told.returncode == 1
    assert "Deploy the API before the pages" in told.stdout


def test_a_page_that_no_path_leads_to_is_refused(standing: Account, project: Path) -> None:
    page = project / "pages" / "waste"
    page.mkdir()
    (page / "page.py").write_text("")
    try:
        standing.push("waste", "first")
        told = standing.run("deploy_containers.sh", "waste", "--tag", "first")
        assert told.returncode == 1
        assert "pages.json has no entry for waste" in told.stdout
    finally:
        (page / "page.py").unlink()
        page.rmdir()


@slow
def test_the_sql_task_that_fails_makes_the_script_fail(
    standing: Account, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    standing.push("sql", commit(project))
    made = moto_ecs.Container.__init__

    def failing(self: moto_ecs.Container, task: moto_ecs.TaskDefinition) -> None:
        made(self, task)
        self.exitCode = 3

    monkeypatch.setattr(moto_ecs.Container, "__init__", failing)
    told = standing.run("deploy_containers.sh", "sql")
    assert told.returncode == 1
    assert f"The task chemtrack-sql-{ENVIRONMENT} failed (exit code 3" in told.stdout
    assert "applied" not in told.stdout


@slow
def test_sql_is_deployed_before_the_api_and_the_api_before_pages(standing: Account, project: Path) -> None:
    tag = commit(project)
    for name in ("sql", "api", "login"):
        standing.push(name, tag)
    told = standing.run("deploy_containers.sh", "login", "sql", "api")
    assert told.returncode == 0, told.stdout
    done = [line for line in told.stdout.splitlines() if line.endswith((f"runs {tag}", "applied"))]
    assert done == [
        f"chemtrack-sql-{ENVIRONMENT}: runs {tag}",
        f"chemtrack-sql-{ENVIRONMENT}: applied",
        f"chemtrack-api-{ENVIRONMENT}: runs {tag}",
        f"chemtrack-login-{ENVIRONMENT}: runs {tag}",
    ]
    assert standing.service("login")["desiredCount"] == standing.service("api")["desiredCount"] == 2
    account = standing.parameters.read_text()
    standing.parameters.write_text(f"{account}SmallPages=yes\n")
    standing.push("home", tag)
    assert standing.run("deploy_containers.sh", "home").returncode == 0
    standing.parameters.write_text(account)
    assert standing.service("home")["desiredCount"] == 1, "a small page begins with one task"
    [listener] = [export["Value"] for export in exports(standing) if export["Name"].endswith("ListenerArn")]
    rules = standing.client("elbv2").describe_rules(ListenerArn=listener)["Rules"]
    routes = json.loads((ROOT / "cloudformation" / "pages.json").read_text())
    assert routes["login"]["paths"] in [
        one["PathPatternConfig"]["Values"] for rule in rules for one in rule["Conditions"]
    ]


def exports(account: Account) -> list[dict[str, str]]:
    found: list[dict[str, str]] = account.client("cloudformation").list_exports()["Exports"]
    return found


@slow
def test_an_update_keeps_the_number_of_tasks_tags_the_running_image_and_can_be_rolled_back(
    standing: Account, project: Path
) -> None:
    first = commit(project)
    name = f"chemtrack-login-{ENVIRONMENT}"
    standing.client("ecs").update_service(cluster="stub", service=name, desiredCount=5)
    standing.push("login", "second")
    told = standing.run("deploy_containers.sh", "login", "--tag", "second")
    assert told.returncode == 0, told.stdout
    assert standing.image_of("login").endswith(f"{name}:second")
    assert standing.service("login")["desiredCount"] == 5
    assert set(map(frozenset, standing.tags("login").values())) == {
        frozenset({first}),
        frozenset({"second", "deployed-second"}),
    }
    assert standing.run("deploy_containers.sh", "login", "--tag", first).returncode == 0
    assert standing.image_of("login").endswith(f"{name}:{first}")
    assert set(map(frozenset, standing.tags("login").values())) == {
        frozenset({first, f"deployed-{first}"}),
        frozenset({"second"}),
    }


@slow
def test_destroying_leaves_nothing_but_other_environments(standing: Account) -> None:
    standing.spare("other")
    told = standing.run("cloudformation/destroy_stacks.sh", ENVIRONMENT, "--yes")
    assert told.returncode == 0, told.stdout
    assert standing.stacks() == {"chemtrack-spare-other"}
    again = standing.run("cloudformation/destroy_stacks.sh", ENVIRONMENT)
    assert again.returncode == 0
    assert f"There is nothing of the environment {ENVIRONMENT}" in again.stdout
