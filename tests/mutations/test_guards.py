"""Takes out one guard at a time, in SQL functions, the API and the pages: the suite named beside it must fail.

Each runs in a copy of the tree. `tests/run --slow tests/mutations` runs them.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parent.parent.parent
TENANCY, POSTING = "sql/functions/tenancy.sql", "sql/triggers/movements.sql"
DATABASE, ACCESS = "api/database.py", "api/access.py"


class Guard(NamedTuple):
    """Where the guard stands, what takes it out, and who must notice."""

    file: str
    old: str
    new: str
    suite: str
    times: int = 1


GUARDS = {
    "the lab is believed without a session": Guard(
        TENANCY, "IF lab IS NOT NULL AND control.is_dba() THEN", "IF lab IS NOT NULL THEN", "tests/sql/test_tenancy.py"
    ),
    "an expired session sees": Guard(
        TENANCY,
        "\n     AND s.expires_at > now();\n  IF NOT found THEN\n    RAISE EXCEPTION 'no lab",
        ";\n  IF NOT found THEN\n    RAISE EXCEPTION 'no lab",
        "tests/sql/test_tenancy.py",
    ),
    "a former member sees": Guard(
        TENANCY,
        "m.user_id = s.user_id AND m.lab_id = lab AND m.ended_at IS NULL",
        "m.user_id = s.user_id AND m.lab_id = lab",
        "tests/sql/test_tenancy.py",
    ),
    "an archived lab is seen": Guard(
        TENANCY,
        "l.id = m.lab_id AND l.archived_at IS NULL\n   WHERE",
        "l.id = m.lab_id\n   WHERE",
        "tests/sql/test_tenancy.py",
    ),
    "a role too small enters": Guard(
        TENANCY,
        "< coalesce(array_position(ARRAY['viewer', 'member', 'manager'], needed_role), 4)",
        "< 0",
        "tests/sql/test_tenancy.py",
    ),
    "who reads may write": Guard(
        TENANCY, "IF needed_role = 'viewer' THEN", "IF false THEN", "tests/sql/test_tenancy.py"
    ),
    "the lab stays with the connection": Guard(
        TENANCY,
        "set_config('app.lab_id', lab_id::text, true), set_config('app.session', session, true)",
        "set_config('app.lab_id', lab_id::text, false), set_config('app.session', session, false)",
        "tests/api/test_database.py",
    ),
    "anybody says who they are": Guard(
        TENANCY,
        "IF control.is_dba() AND nullif(current_setting('app.user_id'",
        "IF nullif(current_setting('app.user_id'",
        "tests/sql/test_tenancy.py",
    ),
    "anybody says what time it is": Guard(
        TENANCY,
        "IF control.is_dba() AND nullif(current_setting('app.clock'",
        "IF nullif(current_setting('app.clock'",
        "tests/sql/test_tenancy.py",
    ),
    "a stranger is told that the lab exists": Guard(
        TENANCY,
        "LEFT JOIN control.members m ON m.lab_id = l.id AND m.user_id = s.user_id AND m.ended_at IS NULL",
        "LEFT JOIN control.members m ON m.lab_id = l.id AND m.ended_at IS NULL",
        "tests/sql/test_tenancy.py",
    ),
    "everybody administers": Guard(
        TENANCY,
        "IF NOT EXISTS (SELECT FROM control.administrators",
        "IF false AND NOT EXISTS (SELECT FROM control.administrators",
        "tests/api/test_administration.py",
    ),
    "a bottle is overdrawn in words alone": Guard(
        POSTING, "IF c.amount + new.amount < 0 THEN", "IF false THEN", "tests/sql/test_ledger.py"
    ),
    "takers do not wait for each other": Guard(
        POSTING, "id = new.container_id FOR UPDATE;", "id = new.container_id;", "tests/sql/test_ledger.py"
    ),
    "more comes back than was taken": Guard(
        POSTING, "IF said.kind <> 'check_out' OR so_far + meant > 0 THEN", "IF false THEN", "tests/sql/test_ledger.py"
    ),
    "anybody corrects anything": Guard(
        POSTING,
        "IF NOT control.is_dba() AND control.role() IS DISTINCT FROM 'manager'\n       AND",
        "IF false AND",
        "tests/sql/test_ledger.py",
    ),
    "anybody disposes": Guard(
        POSTING,
        "IF NOT control.is_dba() AND control.role() IS DISTINCT FROM 'manager' THEN\n      RAISE EXCEPTION 'a manager disposes'",
        "IF false THEN\n      RAISE EXCEPTION 'a manager disposes'",
        "tests/sql/test_what_remains.py",
    ),
    "what was disposed of is taken from": Guard(
        POSTING,
        "IF c.disposed_at IS NOT NULL AND NOT revives THEN",
        "IF false THEN",
        "tests/sql/test_ledger.py",
    ),
    "an unknown amount is taken from": Guard(
        POSTING,
        "IF new.kind IN ('check_out', 'return', 'correct') AND c.amount IS NULL AND NOT revives THEN",
        "IF false THEN",
        "tests/sql/test_ledger.py",
    ),
    "grams are litres": Guard(
        "sql/functions/quantities.sql", "IF f.dimension = t.dimension THEN", "IF true THEN", "tests/sql/test_ledger.py"
    ),
    "a reference forgets its lab": Guard(
        "sql/tables/containers.sql",
        "FOREIGN KEY (lab_id, chemical_id) REFERENCES inventory.chemicals (lab_id, id) ON DELETE RESTRICT,",
        "",
        "tests/sql/test_tenancy.py",
    ),
    "one mistyped word is enough": Guard(
        "sql/functions/maintenance.sql",
        'IF is_of IS DISTINCT FROM lab_slug COLLATE "C" THEN',
        "IF is_of IS NULL THEN",
        "tests/sql/test_maintenance.py",
    ),
    "a table is left out of exports": Guard(
        "sql/functions/maintenance.sql", "IF astray IS NOT NULL THEN", "IF false THEN", "tests/sql/test_maintenance.py"
    ),
    "a backfill of nothing passes": Guard(
        "sql/functions/maintenance.sql",
        "CHECK ((%s) IS NOT TRUE)",
        "CHECK ((%s) IS NOT TRUE OR true)",
        "tests/sql/test_maintenance.py",
    ),
    "a key is validated by one lab": Guard(
        "sql/functions/maintenance.sql",
        "IF lab <> labs[cardinality(labs)] THEN",
        "IF false THEN",
        "tests/sql/test_maintenance.py",
    ),
    "what was not exported is erased": Guard(
        "sql/maintenance/erase_lab.sql",
        "IF (found.rows, found.digest) IS DISTINCT FROM (part.rows, part.digest) THEN",
        "IF false THEN",
        "tests/sql/test_maintenance.py",
    ),
    "a lab at work is erased": Guard(
        "sql/maintenance/erase_lab.sql",
        "IS NULL THEN\n    RAISE EXCEPTION 'the lab is not archived",
        "IS NULL AND false THEN\n    RAISE EXCEPTION 'the lab is not archived",
        "tests/sql/test_maintenance.py",
    ),
    "a file lets people in": Guard(
        "sql/maintenance/restore_lab.sql",
        "CASE WHEN p.known THEN f.ended_at ELSE coalesce(f.ended_at, now()) END",
        "f.ended_at",
        "tests/sql/test_maintenance.py",
    ),
    "every service may call": Guard(
        ACCESS,
        "if not hmac.compare_digest(",
        "if False and not hmac.compare_digest(",
        "tests/api/test_administration.py",
    ),
    "roles are not asked for": Guard(
        DATABASE,
        "(ENTER_SESSION, (visit.session, visit.lab, needed))]\n        if",
        '(ENTER_SESSION, (visit.session, visit.lab, "member"))]\n        if',
        "tests/api/test_locations.py tests/api/test_disposals.py",
    ),
    "a read may write": Guard(
        DATABASE,
        'enter = (ENTER_SESSION, (visit.session, visit.lab, "viewer"))',
        'enter = (ENTER_SESSION, (visit.session, visit.lab, "member"))',
        "tests/api/test_database.py tests/api/test_chemicals.py",
    ),
    "administration is not entered": Guard(
        DATABASE,
        'ENTER_ADMINISTRATION = "SELECT * FROM control.enter_administration(%s)"',
        'ENTER_ADMINISTRATION = "SELECT %s"',
        "tests/api/test_administration.py",
    ),
    "a key opens other answers": Guard(
        DATABASE,
        'if not rows or rows[0]["fingerprint"] != visit.fingerprint:',
        "if not rows:",
        "tests/api/test_chemicals.py",
    ),
    "a key is not claimed": Guard(
        DATABASE,
        "opening.append((CLAIM_REQUEST, (visit.key, visit.fingerprint)))",
        "pass",
        "tests/api/test_database.py",
    ),
    "skipped statements are believed in": Guard(
        DATABASE, 'await connection.execute("BEGIN", prepare=False)', "pass", "tests/api/test_database.py"
    ),
    "connections that are gone are given out": Guard(
        DATABASE, "if not (more and _hung_up(connection)):", "if True:", "tests/api/test_database.py"
    ),
    "what is in doubt is denied": Guard(
        "api/problems.py", "BROKEN if is_lost(error) else AWAY", "AWAY", "tests/api/test_database.py"
    ),
    "guesses cost nothing": Guard(
        "api/sessions.py", "FREE_TRIES = 5", "FREE_TRIES = 5000", "tests/api/test_administration.py"
    ),
    "names that are not there answer sooner": Guard(
        "api/login_directory.py",
        "            stored = self._nobody\n",
        "            return False\n",
        "tests/api/test_secrets.py",
    ),
    "the password now is not asked for": Guard(
        "api/sessions.py",
        'if not await logins.verify(found[0]["username"], change.current_password):',
        "if False:",
        "tests/api/test_administration.py",
    ),
    "old sessions outlive a new password": Guard(
        "api/sessions.py",
        "await data.control((END_OTHER_SESSIONS,",
        "_ = ((END_OTHER_SESSIONS,",
        "tests/api/test_administration.py",
    ),
    "a reset leaves sessions open": Guard(
        "api/logins.py",
        "await data.administer(visit, (END_SESSIONS, (username,)))",
        "pass",
        "tests/api/test_administration.py",
    ),
    "any cursor is believed": Guard(
        "api/fields.py",
        "if not all(kind is object or type(value) is kind",
        "if False and not all(kind is object or type(value) is kind",
        "tests/api/test_chemicals.py",
    ),
    "formulas run in exports": Guard(
        "api/csv_export.py",
        'text = "\'" + text',
        "pass",
        "tests/api/test_csv_export.py tests/api/test_chemicals.py tests/api/test_history.py",
    ),
    "next leads anywhere": Guard(
        "pages/common/paths.py", "return None", "return str(target)", "tests/pages/test_common_paths.py", 0
    ),
    "forms need no token": Guard(
        "pages/common/app.py",
        "    CSRFProtect(app)\n",
        "    app.jinja_env.globals['csrf_token'] = lambda: ''\n",
        "tests/pages/test_common_app.py",
    ),
    "strangers are let in": Guard(
        "pages/common/app.py", "app.before_request(_refuse_strangers)", "", "tests/pages/test_common_app.py"
    ),
    "scripts may stand in the page": Guard(
        "pages/common/app.py",
        '"script-src": "\'self\'"',
        "\"script-src\": \"'self' 'unsafe-inline'\"",
        "tests/pages/test_common_app.py",
    ),
    "what people write is HTML": Guard(
        "pages/common/app.py",
        "app.jinja_env.trim_blocks =",
        "app.jinja_env.autoescape = False\n    app.jinja_env.trim_blocks =",
        "tests/pages/test_hostile_text.py",
    ),
    "pages may be framed": Guard(
        "pages/common/app.py",
        '"frame-ancestors": "\'none\'"',
        '"frame-ancestors": "*"',
        "tests/pages/test_common_app.py",
    ),
    "scripts read the cookie": Guard(
        "pages/common/app.py",
        "    errors.init_app(app)\n",
        "    errors.init_app(app)\n    app.config['SESSION_COOKIE_HTTPONLY'] = False\n",
        "tests/pages/test_common_app.py tests/pages/test_login.py",
    ),
    "any page may post here": Guard(
        "pages/common/app.py",
        'SESSION_COOKIE_SAMESITE="Lax"',
        'SESSION_COOKIE_SAMESITE="None"',
        "tests/pages/test_common_app.py tests/pages/test_login.py",
    ),
    "a session fixed before signing in stays": Guard(
        "pages/common/login.py",
        "session.clear()",
        "pass",
        "tests/pages/test_login.py tests/pages/test_common_app.py",
        0,
    ),
    "the service is not said": Guard(
        "pages/common/api.py",
        '"X-Chemtrack-Service": settings.service_token.get_secret_value(), ',
        "",
        "tests/pages/test_common_api.py",
    ),
    "paths climb": Guard("pages/common/api.py", "or NOT_IN_A_PATH.search(path)", "", "tests/pages/test_common_api.py"),
}


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the tree, with this one's environment and assets."""
    copy = tmp_path_factory.mktemp("guards") / "chemtrack"
    files = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    for name in files.splitlines():
        if (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, copy / name)
    for name in (".local", "pages/assets", "pages/node_modules"):
        if (ROOT / name).exists():
            (copy / name).symlink_to((ROOT / name).resolve())
    return copy


def run(tree: Path, suites: list[str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *suites]
    return subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False, env=os.environ | {"CI": ""})


@pytest.mark.timeout(900)
def test_without_a_mutation_every_suite_is_green(tree: Path) -> None:
    result = run(tree, sorted({suite for guard in GUARDS.values() for suite in guard.suite.split()}))
    assert result.returncode == 0, result.stdout[-4000:]


@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", GUARDS)
def test_a_guard_that_is_gone_is_noticed(tree: Path, name: str) -> None:
    guard = GUARDS[name]
    path = tree / guard.file
    text = path.read_text()
    assert text.count(guard.old) == guard.times or (not guard.times and guard.old in text), (
        f"the guard has moved: {guard.old!r}"
    )
    path.write_text(text.replace(guard.old, guard.new))
    suites = guard.suite.split()
    try:
        result = run(tree, suites)
    finally:
        path.write_text(text)
    assert result.returncode == 1, f"nobody noticed:\n{result.stdout[-2000:]}{result.stderr[-2000:]}"
    assert " failed" in result.stdout or " error" in result.stdout
