"""Removes one guard at a time from SQL functions, the API and the pages: the test suite named beside the guard must then fail.

The mutations are made in a copy of the tree. `tests/run --slow tests/mutations` runs them.
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
SIGNING_IN = "sql/functions/signing_in.sql"
DATABASE, ACCESS = "api/core/database.py", "api/core/visit.py"
COMPARING, TAKING_OVER = "sql/functions/comparing.sql", "sql/functions/taking_over.sql"
LISTS_AGAIN = "tests/api/test_imports_again.py"


class Guard(NamedTuple):
    """A guard: the file and the text where it stands, the text that removes it, and the test files that must then fail.

    `times`: how often the text stands in the file; 0: any number of times, but at least once.
    """

    file: str
    old: str
    new: str
    suite: str
    times: int = 1


SECOND_FACTOR = "tests/attacks/test_second_factor.py"
SAME_MOMENT = "tests/attacks/test_at_the_same_moment.py"
CODES, STEPS = "sql/functions/second_factors.sql", "api/administration/second_factor.py"
PROVIDER, SIGN_ON = "api/administration/identity_provider.py", "tests/api/test_single_sign_on.py"
BELIEVED = "tests/api/test_identity_provider.py"
SERVICE, ACCOUNTS = "sql/functions/service_accounts.sql", "tests/attacks/test_service_accounts.py"
ORIGINS = "tests/pages/test_programs_origins.py"
TOKENS, PROGRAMS = "tests/api/test_tokens.py", "tests/pages/test_programs.py"

GUARDS = {
    "a token of anybody counts as the provider's": Guard(
        PROVIDER,
        "read = jwt.decode(token, self._key_set(again=True), algorithms=ALGORITHMS)",
        "from joserfc import jws; import json; read = type('', (), {'header': {'alg': 'RS256'}, 'claims': json.loads(jws.extract_compact(token.encode()).payload)})",
        BELIEVED,
    ),
    "a token of another sign-in counts": Guard(PROVIDER, '"nonce": nonce,\n', '"nonce": "",\n', BELIEVED),
    "a token for another client counts": Guard(
        PROVIDER,
        '"aud": {"essential": True, "value": self._settings.single_sign_on_client},',
        '"aud": {"essential": True},',
        BELIEVED,
    ),
    "a token of another provider counts": Guard(
        PROVIDER,
        '"iss": {"essential": True, "value": self._settings.single_sign_on_issuer},',
        '"iss": {"essential": True},',
        BELIEVED,
    ),
    "details of another person count": Guard(PROVIDER, 'if more.get("sub") != known["sub"]:', "if False:", BELIEVED),
    "any address of mail counts": Guard(
        PROVIDER, 'if claim == "email" and known.get("email_verified") is not True:', "if False:", BELIEVED
    ),
    "an ID token ends sessions": Guard(
        PROVIDER, 'if LOGOUT not in said.get("events", {}) or "nonce" in said:', "if False:", BELIEVED
    ),
    "an old logout token ends sessions": Guard(
        PROVIDER, 'if said["iat"] < time.time() - LOGOUT_IS_GOOD_FOR:', "if False:", BELIEVED
    ),
    "any token of the provider ends sessions": Guard(
        PROVIDER, 'if str(header.get("typ", "")).lower() != "logout+jwt":', "if False:", BELIEVED
    ),
    "another site's link signs somebody in": Guard(
        "pages/login/single_sign_on.py",
        'if request.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site"):',
        "if False:",
        SIGN_ON,
    ),
    "another person of the provider opens the login": Guard(
        SIGNING_IN, "WHERE p.user_id = who.id AND p.subject = of_subject;", "WHERE p.user_id = who.id;", SIGN_ON
    ),
    "whoever the provider knows is let in": Guard(
        "api/administration/single_sign_on.py", "if person.name not in reading.usernames:", "if False:", SIGN_ON
    ),
    "a single sign-on counts as the password typed": Guard(
        SIGNING_IN, "coalesce(shown_at, '-infinity')", "now()", SIGN_ON
    ),
    "a link signs somebody in as somebody else": Guard(
        "pages/login/single_sign_on.py",
        'if not hmac.compare_digest(request.args.get("state", "").encode(), kept["state"].encode()):',
        "if False:",
        SIGN_ON,
    ),
    "the password alone signs in beside a second factor": Guard(
        "api/administration/signing_in.py",
        "if key := reading.keys.get(username):",
        "if False and (key := ''):",
        SECOND_FACTOR,
    ),
    "a damaged login lets its password in": Guard(
        "api/core/login_directory.py", "and isinstance(key, str) and KEY.fullmatch(key)", "", SECOND_FACTOR
    ),
    "a session begins with a password that was changed meanwhile": Guard(
        SIGNING_IN, "WHERE d.version = read_version FOR SHARE", "WHERE d.version = read_version", SAME_MOMENT
    ),
    "a token is made in a session that ends meanwhile": Guard(
        "sql/functions/tokens.sql", "  PERFORM FROM control.login_directory FOR SHARE;\n", "", SAME_MOMENT
    ),
    "who was shut out changes their password": Guard(
        "api/administration/sessions.py",
        "        await user_of(visit, data)  # an administrator may have ended this session meanwhile\n",
        "",
        SAME_MOMENT,
    ),
    "who was shut out sets up a second factor": Guard(
        STEPS,
        "        await user_of(visit, data)  # an administrator may have ended this session meanwhile\n",
        "",
        SAME_MOMENT,
    ),
    "a code opens twice": Guard(CODES, " WHERE f.last_step < excluded.last_step", "", SECOND_FACTOR),
    "a recovery code opens twice": Guard(
        CODES, "SET recovery_codes = array_remove(f.recovery_codes, code)", "SET last_step = f.last_step", SECOND_FACTOR
    ),
    "codes of all times are good": Guard(
        "api/administration/codes.py", "STEPS_ASIDE = 1", "STEPS_ASIDE = 5", SECOND_FACTOR
    ),
    "a code needs no right password before": Guard(
        "api/administration/codes.py",
        "return hmac.compare_digest(signature.encode(), expected.encode()) and now.timestamp() < int(until)",
        "return now.timestamp() < int(until)",
        SECOND_FACTOR,
    ),
    "a ticket is good for ever": Guard(
        "api/administration/codes.py", " and now.timestamp() < int(until)", "", SECOND_FACTOR
    ),
    "a ticket outlives its password": Guard(
        "api/administration/codes.py", "ticket\\0{key}\\0{stored_password}", "ticket\\0{key}", SECOND_FACTOR
    ),
    "guesses of codes cost nothing": Guard(
        STEPS,
        "    await note_try(data, tries[0], tries[1], address,",
        "    0 and await note_try(data, tries[0], tries[1], address,",
        SECOND_FACTOR,
    ),
    "the right password again forgives wrong codes": Guard(
        STEPS, 'tries = (f"code:{username}", place', "tries = (username, place", SECOND_FACTOR
    ),
    "codes are guessed from many networks": Guard(
        SIGNING_IN, "CASE WHEN of_username LIKE 'code:%' THEN 10 ELSE 100 END", "100", SECOND_FACTOR
    ),
    "who guesses an administrator's codes never waits": Guard(
        "api/administration/tries.py", 'noted["wait_of_all_seconds"] if told_of else 0', "0", SECOND_FACTOR
    ),
    "a second factor is set up without the password": Guard(
        STEPS,
        '    who, place = await check_own_password(wanted.password, visit, data, logins, "/password", wanted.address)\n    forgotten',
        '    who, place = await user_of(visit, data), ""\n    forgotten',
        SECOND_FACTOR,
    ),
    "a second factor is turned off without a code": Guard(
        STEPS,
        '        await _spend(data, who["username"], key,',
        '        0 and await _spend(data, who["username"], key,',
        SECOND_FACTOR,
    ),
    "another phone takes the place of the first": Guard(
        STEPS, 'if who["username"] in (await logins.read()).keys:', "if False:", SECOND_FACTOR
    ),
    "sessions of before outlive the second factor": Guard(
        STEPS,
        '            "weak": (NOTE_CODE, (visit.session, False)),\n            "ended": (END_OTHER_SESSIONS, (who["id"], visit.session)),\n',
        "",
        SECOND_FACTOR,
    ),
    "a new password loses the second factor": Guard(
        "api/core/login_directory.py",
        'return lambda value: {**value, "password": password} if isinstance(value, dict) else password',
        "return lambda value: password",
        SECOND_FACTOR,
    ),
    "a reset keeps the recovery codes": Guard(
        CODES, "SET recovery_codes = '{}', reset_at = now()", "SET reset_at = now()", SECOND_FACTOR
    ),
    "administrators do without a second factor": Guard(
        DATABASE, "if self._administrators_need_second_factor:", "if False:", SECOND_FACTOR
    ),
    "labs do without a second factor": Guard(
        DATABASE, "if self._everybody_needs_second_factor:", "if False:", SECOND_FACTOR, times=2
    ),
    "a token is made without a second factor": Guard(
        "api/administration/tokens.py", "**data.require_second_factor(visit), ", "", SECOND_FACTOR
    ),
    "second factors come and go without a trace": Guard(
        "sql/triggers/events.sql",
        "AFTER INSERT OR DELETE ON control.second_factors FOR EACH ROW EXECUTE",
        "AFTER INSERT OR DELETE ON control.second_factors FOR EACH ROW WHEN (false) EXECUTE",
        SECOND_FACTOR,
    ),
    "chemadmin changes sessions without a line": Guard(
        "sql/triggers/events.sql",
        " OR (current_user = ''chemadmin'' AND old IS DISTINCT FROM new))",
        ")",
        "tests/attacks/test_trace.py",
    ),
    "chemadmin makes made passwords good again without a line": Guard(
        "sql/triggers/events.sql",
        "WHEN (current_user = ''chemadmin''\n",
        "WHEN (false\n",
        "tests/attacks/test_trace.py",
    ),
    "no count mends a ledger that does not add up": Guard(
        POSTING, "    mends := so_far <> c.amount;\n", "", "tests/sql/test_counts_hold.py"
    ),
    "a reviewer's reason is overwritten unseen": Guard(
        "api/resources/stocktakes/counts.py",
        '        refuse(overwritten, 409, now=found["reviewed"])\n',
        "",
        "tests/pages/test_reconcile.py",
    ),
    "a pack holds bars of a liquid": Guard(
        "api/resources/containers/routes.py",
        "if change.pack_size is not None:",
        "if False:",
        "tests/api/test_containers.py",
    ),
    "injected SQL opens with a token all labs of its owner": Guard(
        TENANCY, "\n     AND (s.token_labs IS NULL OR lab = ANY (s.token_labs))", "", TOKENS
    ),
    "a token enters all labs of its owner": Guard(
        TENANCY, " AND (s.token_labs IS NULL OR l.id = ANY (s.token_labs))", "", TOKENS
    ),
    "a token has its owner's role": Guard(TENANCY, "control.at_most(m.role, s.token_role)", "m.role", TOKENS),
    "injected SQL has the role of a token's owner": Guard(
        TENANCY, "  SELECT control.at_most(m.role, (", "  SELECT coalesce(m.role, (", TOKENS
    ),
    "a token administers": Guard(
        TENANCY,
        "'hex')) AND s.expires_at > now() AND s.token_name IS NULL;",
        "'hex')) AND s.expires_at > now();",
        TOKENS,
    ),
    "a token reaches its owner's account": Guard(
        ACCESS, "if token and token.credentials.startswith(ACCESS_TOKEN):", "if False:", TOKENS
    ),
    "a token is made for any lab": Guard(
        "sql/functions/tokens.sql", " AND m.user_id = who AND m.ended_at IS NULL", "", TOKENS
    ),
    "a made password makes a token": Guard("sql/functions/tokens.sql", "IF is_new THEN", "IF false THEN", TOKENS),
    "what is not published is passed on": Guard(
        "pages/programs/page.py", 'if place[1] in TEXTS else f"<int:{place[1]}>"', "", PROGRAMS
    ),
    "a browser's session is a program's token": Guard(
        "pages/programs/passing.py", "(chemtrack_[A-Za-z0-9_-]{43})", "([A-Za-z0-9_-]+)", PROGRAMS
    ),
    "a token asks as often as it likes": Guard(
        "pages/programs/passing.py", "if not self.counted.hit(self.of_a_token, token):", "if False:", PROGRAMS
    ),
    "a program's If-Match is not heard": Guard("pages/programs/passing.py", ', "If-Match")', ")", PROGRAMS),
    "a program overwrites what it has not read": Guard(
        "api/resources/containers/routes.py", "if_match or change.version", "change.version", PROGRAMS
    ),
    "a service account manages": Guard(SERVICE, " AND new.role <> 'manager'", "", ACCOUNTS),
    "a service account belongs to a second lab": Guard(SERVICE, "IF new.lab_id = lab AND", "IF", ACCOUNTS),
    "a service account has tokens for other labs": Guard(SERVICE, "new.token_labs = ARRAY[lab]", "true", ACCOUNTS),
    "a member makes service accounts": Guard(
        SERVICE, "lab, 'manager', from_address", "lab, 'viewer', from_address", ACCOUNTS
    ),
    "a token is made for another lab's account": Guard(
        SERVICE, "u.id = account AND u.of_lab = lab", "u.id = account", ACCOUNTS
    ),
    "another lab's account is removed": Guard(
        "api/administration/service_accounts.py",
        "WHERE u.of_lab = control.lab_id_for('manager') AND u.id = %s AND u.retired_at IS NULL",
        "WHERE u.of_lab IS NOT NULL AND u.id = %s AND u.retired_at IS NULL",
        ACCOUNTS,
    ),
    "another lab's account loses a token": Guard(
        "api/administration/service_accounts.py",
        "u.of_lab = control.lab_id_for('manager') AND u.id = %s AND s.id = %s",
        "u.id = %s AND s.id = %s",
        ACCOUNTS,
    ),
    "a login is called like a service account": Guard(
        "sql/tables/users.sql", "[a-z0-9._@-]{0,63}$'' ELSE", "[a-z0-9._@:-]{0,63}$'' ELSE", ACCOUNTS
    ),
    "an account and its token are made without the password": Guard(
        "api/administration/service_accounts.py", '"password": data.require_password(visit), ', "", ACCOUNTS, 2
    ),
    "a site that is listed for one lab calls for all": Guard(
        "pages/programs/origins.py",
        "origin in origins.get(lab[1], ())",
        "any(origin in listed for listed in origins.values())",
        ORIGINS,
    ),
    "any site calls": Guard("pages/programs/origins.py", " and origin in origins.get(lab[1], ())", "", ORIGINS),
    "unknown tokens are tried as often as one likes": Guard(
        "pages/programs/passing.py", "not self.counted.test(UNKNOWN_TOKENS, network)", "False", PROGRAMS
    ),
    "a revoked token uses up what its network has": Guard(
        "pages/programs/passing.py", "if token in self.refused:", "if False:", PROGRAMS
    ),
    "a program's body has no bound": Guard(
        "pages/programs/page.py", "LARGEST_BODY = 1024 * 1024", "LARGEST_BODY = 1024**3", PROGRAMS
    ),
    "another site's page may ask": Guard(
        "pages/programs/page.py", "methods=[method], provide_automatic_options=False)", "methods=[method])", PROGRAMS
    ),
    "a token is made without the password": Guard(
        "api/administration/tokens.py", '"password": data.require_password(visit), ', "", TOKENS
    ),
    "a password names its user or ChemTrack": Guard(
        "api/administration/passwords.py",
        "if any(word in bare for word in _own(own_words)):",
        "if False:",
        "tests/attacks/test_logins.py",
    ),
    "more comes back by a correction than was taken": Guard(
        POSTING,
        "      ELSIF so_far + new.amount > 0 THEN\n        RAISE EXCEPTION 'more than was taken' USING ERRCODE = '23514', CONSTRAINT = 'movements_return_at_most_what_was_taken', DETAIL = (",
        "      ELSIF false THEN\n        RAISE EXCEPTION 'more than was taken' USING ERRCODE = '23514', CONSTRAINT = 'movements_return_at_most_what_was_taken', DETAIL = (",
        "tests/api/test_corrections.py",
    ),
    "a manager forges that an import was taken back": Guard(
        "sql/triggers/imports.sql",
        "IF current_user = 'chemuser' THEN",
        "IF false THEN",
        "tests/sql/test_roles.py",
    ),
    "what is left of a bottle that is brought back is no count": Guard(
        "sql/functions/holding.sql",
        "VALUES (c.id, 'count', line.left_amount, line.left_unit, purpose) RETURNING * INTO counted;",
        "SELECT c.id, 'count', line.left_amount, line.left_unit, purpose WHERE used < 0 OR used IS NULL RETURNING * INTO counted;",
        "tests/api/test_holdings.py",
    ),
    "a line is moved to a container that was counted since": Guard(
        "api/resources/corrections.py",
        'elif row["counted_since"]:',
        "elif False:",
        "tests/api/test_corrections.py",
    ),
    "a line that is undone is undone again": Guard(
        POSTING,
        "ELSIF undoes AND inventory.is_undone(earlier) THEN",
        "ELSIF false THEN",
        "tests/api/test_corrections.py",
    ),
    "a file is called otherwise than its contents are": Guard(
        "api/spreadsheets/endings.py",
        "if not name.lower().endswith(endings):",
        "if False:",
        "tests/api/test_spreadsheets_programs.py",
    ),
    "a workbook carries macros": Guard(
        "api/spreadsheets/programs.py",
        "    if any(map(_MACROS.fullmatch, names)):\n",
        "    if False:\n",
        "tests/api/test_spreadsheets_programs.py",
    ),
    "an archive carries a program": Guard(
        "api/spreadsheets/programs.py",
        "        if others:\n",
        "        if False:\n",
        "tests/api/test_spreadsheets_programs.py",
    ),
    "a page shows what it had after its session": Guard(
        "pages/common/static/session.js",
        "if (!over || Date.now() < until) return;",
        "return;",
        "tests/browser/test_sign_in.py",
    ),
    "the labels' settings of the last writer hold": Guard(
        "api/resources/containers/printing.py",
        "CASE WHEN control.is_unchanged(s.xmin::text, %(version)s) THEN excluded.sheet END",
        "coalesce(excluded.sheet, %(version)s)",
        "tests/api/test_versions.py",
    ),
    "the reading of an import of the last writer holds": Guard(
        "api/resources/imports/locking.py",
        'version is not None and version != locked["version"]',
        "version is None and not locked",
        "tests/api/test_imports.py",
    ),
    "a container that was used is taken back with its import": Guard(
        "sql/functions/taking_back.sql",
        "c.id = ANY (made) AND c.last_line = 1 AND c.holder_id IS NULL",
        "c.id = ANY (made) AND c.holder_id IS NULL",
        "tests/api/test_imports.py",
    ),
    "what ChemTrack alone changed is asked about": Guard(
        COMPARING,
        "(s.kind = 'count_changed' OR s.says IS DISTINCT FROM s.was)",
        "true",
        LISTS_AGAIN,
    ),
    "members compare lists as managers do": Guard(
        COMPARING, "control.lab_id_for('manager')", "control.lab_id()", "tests/sql/test_roles.py", times=4
    ),
    "what a list says otherwise is taken over unasked": Guard(
        COMPARING,
        "coalesce((answers -> c.kind ->> 'answer')::boolean, false)",
        "coalesce((answers -> c.kind ->> 'answer')::boolean, true)",
        LISTS_AGAIN,
    ),
    "a row with a barcode is asked about as another delivery": Guard(
        COMPARING, " AND NOT coalesce(i.record -> 'container' ? 'barcode', false)", "", LISTS_AGAIN
    ),
    "another container is loaded although a question waits": Guard(
        COMPARING,
        """WHEN i.problems @> '[{"severity": "question"}]' THEN 'question' ELSE 'ready' END""",
        "ELSE 'ready' END",
        LISTS_AGAIN,
    ),
    "the hazards of two rows are mixed": Guard(
        COMPARING, "|| n.taken AS chemical", "|| n.hazards AS chemical", LISTS_AGAIN
    ),
    "what ChemTrack changed after the question is overwritten": Guard(
        TAKING_OVER, "WHERE stood -> name IS DISTINCT FROM now_here -> name", "WHERE false", LISTS_AGAIN
    ),
    "a price is overwritten whose currency was changed": Guard(
        TAKING_OVER, "THEN ARRAY['price', 'currency']\n", "THEN ARRAY[f.key]\n", LISTS_AGAIN
    ),
    "a confirmation disposes of other bottles than were shown": Guard(
        "sql/functions/disposing.sql",
        "AND NOT (meant <@ shown AND shown <@ meant)",
        "AND false",
        "tests/api/test_disposals.py",
    ),
    "a pack size is overwritten whose unit was changed": Guard(
        TAKING_OVER, "THEN ARRAY['pack_size', 'pack_unit', 'unit']\n", "THEN ARRAY[f.key]\n", LISTS_AGAIN
    ),
    "a pack size is taken over whose container got another unit since": Guard(
        TAKING_OVER, "ARRAY['pack_size', 'pack_unit', 'unit']\n", "ARRAY['pack_size', 'pack_unit']\n", LISTS_AGAIN
    ),
    "a list gives a container an impossible pack size": Guard(
        COMPARING,
        "AND NOT inventory.measures_alike(m.record -> 'container' ->> 'pack_unit', m.container ->> 'unit')",
        "AND false",
        LISTS_AGAIN,
    ),
    "a row of a list brings an impossible pack size": Guard(
        "api/spreadsheets/amounts.py",
        'and not _fits(pack, row.container.get("unit"))',
        "and False",
        "tests/api/test_spreadsheets_rows.py",
    ),
    "a price gets the currency of another": Guard(
        TAKING_OVER, "CASE WHEN fields ?| ARRAY['price', 'currency'] THEN", "CASE WHEN false THEN", LISTS_AGAIN
    ),
    "a pack size gets the unit of another": Guard(
        TAKING_OVER, "CASE WHEN fields ?| ARRAY['pack_size', 'pack_unit'] THEN", "CASE WHEN false THEN", LISTS_AGAIN
    ),
    "H statements are taken over without their pictograms": Guard(
        TAKING_OVER, "CASE WHEN fields ? 'h_statements' THEN", "CASE WHEN false THEN", LISTS_AGAIN
    ),
    "a container that was moved since is moved by a list": Guard(
        TAKING_OVER,
        "IF r.stood -> 'container' -> 'location_id' = r.container -> 'location_id' THEN",
        "IF true THEN",
        LISTS_AGAIN,
    ),
    "a row that is not loaded changes its chemical": Guard(
        TAKING_OVER, "i.state IN ('present', 'loaded') AND i.record ? 'changes'", "i.record ? 'changes'", LISTS_AGAIN
    ),
    "a member takes an import's file away": Guard(
        "api/resources/imports/routes.py",
        'FIND_FILE, {"import": import_id}, needed="manager"',
        'FIND_FILE, {"import": import_id}, needed="viewer"',
        "tests/api/test_import_outcome.py",
    ),
    "files of imports pile up": Guard(
        "sql/functions/importing.sql",
        "  PERFORM inventory.forget_old_files();\n",
        "",
        "tests/api/test_import_outcome.py",
    ),
    "the file of an import is replaced": Guard(
        "sql/triggers/imports.sql",
        "(new.content IS NULL OR new.content = old.content)",
        "true",
        "tests/api/test_import_outcome.py",
    ),
    "hazards that the lab changed are said to be the reference's": Guard(
        "sql/triggers/chemicals.sql",
        "      new.hazards_from := NULL;\n",
        "      NULL;\n",
        "tests/api/test_import_outcome.py",
    ),
    "a field that the lab changed is said to be as the reference said": Guard(
        "sql/triggers/chemicals.sql",
        "WHEN here -> o.key = was -> o.key AND o.value",
        "WHEN o.value",
        "tests/api/test_origins.py",
    ),
    "a member marks any value as from the reference": Guard(
        "sql/triggers/chemicals.sql",
        "WHEN here -> o.key @> (known -> o.key) AND here -> o.key <@ (known -> o.key) THEN known -> 'origins' -> o.key END",
        "ELSE o.value END",
        "tests/api/test_origins.py",
    ),
    "hazards are said to be of an import that was loaded before": Guard(
        "sql/triggers/chemicals.sql",
        "i.id = new.hazards_import_id AND i.committed_at IS NULL AND i.cancelled_at IS NULL",
        "i.id = new.hazards_import_id",
        "tests/api/test_import_outcome.py",
    ),
    "labs see a list of classifications that nobody has checked": Guard(
        "sql/policies/classifications.sql",
        "ON reference.classification_lists FOR SELECT TO chemuser USING (kept_at IS NOT NULL)",
        "ON reference.classification_lists FOR SELECT TO chemuser USING (true)",
        "tests/api/test_classifications.py",
    ),
    "labs see classifications that nobody has checked": Guard(
        "sql/policies/classifications.sql",
        "USING (EXISTS (SELECT FROM reference.classification_lists l WHERE l.id = list_id AND l.kept_at IS NOT NULL))",
        "USING (true)",
        "tests/api/test_classifications.py",
    ),
    "administration fills a list that labs adopt from": Guard(
        "sql/policies/classifications.sql",
        "WITH CHECK (EXISTS (SELECT FROM reference.classification_lists l WHERE l.id = list_id AND l.kept_at IS NULL))",
        "WITH CHECK (true)",
        "tests/api/test_classifications.py",
    ),
    "administration discards a list that labs adopt from": Guard(
        "sql/policies/classifications.sql",
        "FOR DELETE TO chemadmin USING (kept_at IS NULL)",
        "FOR DELETE TO chemadmin USING (true)",
        "tests/api/test_classifications.py",
    ),
    "a list that was kept is taken from the labs again": Guard(
        "sql/policies/classifications.sql",
        "FOR UPDATE TO chemadmin USING (kept_at IS NULL)",
        "FOR UPDATE TO chemadmin USING (true)",
        "tests/api/test_classifications.py",
    ),
    "hazards are said to be adopted from the entry of another substance": Guard(
        "sql/triggers/chemicals.sql",
        "WHERE c.cas_number = new.cas_number AND l.kept_at IS NOT NULL",
        "WHERE l.kept_at IS NOT NULL",
        "tests/api/test_adopting.py",
    ),
    "hazards are adopted from a list that nobody has checked": Guard(
        "sql/triggers/chemicals.sql",
        "c.cas_number = new.cas_number AND l.kept_at IS NOT NULL AND",
        "c.cas_number = new.cas_number AND",
        "tests/api/test_adopting.py",
    ),
    "changed hazards are still said to be adopted": Guard(
        "sql/triggers/chemicals.sql",
        "AND c.h_statements @> new.h_statements AND c.h_statements <@ new.h_statements) THEN",
        ") THEN",
        "tests/api/test_adopting.py",
    ),
    "a chemical that is marked for deletion is merged": Guard(
        "sql/functions/merging.sql",
        "d.chemical_id IN (kept, merged) AND",
        "false AND",
        "tests/api/test_merging.py",
    ),
    "an undone merger takes names from another": Guard(
        "sql/functions/merging.sql",
        "n <> ALL (act.synonyms) OR n = ANY (shared)",
        "n <> ALL (act.synonyms)",
        "tests/api/test_merging.py",
    ),
    "an undone merger takes containers out of a decision": Guard(
        "sql/functions/merging.sql",
        "AND NOT (c.disposed_at IS NOT NULL AND EXISTS (",
        "AND NOT (false AND EXISTS (",
        "tests/api/test_merging.py",
    ),
    "an undone merger escapes a mark": Guard(
        "sql/functions/merging.sql",
        "d.chemical_id = act.kept_id AND d.container_id IS NULL AND d.outcome IS NULL",
        "false",
        "tests/api/test_merging.py",
    ),
    "a member saves searches without end": Guard(
        "api/resources/chemicals/searches.py",
        'if one(found["own"])["searches"] > MOST:',
        "if False:",
        "tests/api/test_saved_searches.py",
    ),
    "guesses of neighbours keep a program out": Guard(
        "pages/programs/passing.py", "Remembered(KNOWN_FOR, clock)", "Remembered(900, clock)", PROGRAMS
    ),
    "a list is filled in where it contradicts the reference": Guard(
        "sql/functions/enriching.sql",
        "CASE WHEN c.contradictions = '{}' THEN",
        "CASE WHEN true THEN",
        "tests/api/test_enriching.py",
    ),
    "a member undoes what another filled in": Guard(
        "sql/functions/enriching.sql",
        "AND act.made_by IS DISTINCT FROM control.user_id() THEN",
        "AND false THEN",
        "tests/api/test_enriching.py",
    ),
    "undoing takes what the lab wrote since": Guard(
        "sql/functions/enriching.sql",
        " AS f WHERE one.here -> f.key = f.value);",
        " AS f);",
        "tests/api/test_enriching.py",
    ),
    "an import changes a location that was here": Guard(
        "sql/functions/importing.sql",
        "IF place IS NULL OR EXISTS (SELECT FROM inventory.locations l WHERE l.id = place AND l.made_at = now()) THEN",
        "IF true THEN",
        "tests/api/test_round_trip.py",
    ),
    "a member shares a search": Guard(
        "sql/policies/saved_searches.sql",
        "WITH CHECK (NOT shared OR lab_id = (SELECT control.lab_id_for(''manager'')))",
        "WITH CHECK (true)",
        "tests/sql/test_roles.py",
    ),
    "a member removes another's search": Guard(
        "sql/policies/saved_searches.sql",
        "USING (made_by = (SELECT control.user_id()) OR (shared OR control.is_dba()) AND lab_id = (SELECT control.lab_id_for(''manager'')))",
        "USING (true)",
        "tests/sql/test_roles.py",
    ),
    "a member sees another's private search": Guard(
        "api/resources/chemicals/searches.py",
        "WHERE s.shared OR s.made_by = control.user_id() ORDER",
        "ORDER",
        "tests/api/test_saved_searches.py",
    ),
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
        "IF NOT control.is_enough(role, needed_role) THEN",
        "IF false THEN",
        "tests/sql/test_tenancy.py",
    ),
    "another installation's label is followed": Guard(
        "sql/functions/scanning.sql",
        "AND (hosts IS NULL OR lower(address[1]) = ANY (hosts))",
        "",
        "tests/pages/test_label_addresses.py",
    ),
    "no role is asked for by policies": Guard(
        TENANCY,
        "IF NOT control.is_dba() AND NOT control.is_enough(role, needed) THEN",
        "IF false THEN",
        "tests/sql/test_roles.py",
    ),
    "a structure is found by what it was before": Guard(
        "api/resources/chemicals/structure_search.py",
        " AND s.smiles = h.smiles AND s.release",
        " AND s.release",
        "tests/api/test_structure_search.py",
    ),
    "a structure is found by what another release made": Guard(
        "api/resources/chemicals/structure_search.py",
        " AND s.release = %(release)s\n",
        " AND %(release)s IS NOT NULL\n",
        "tests/api/test_structure_search.py",
    ),
    "a member chooses another member's columns": Guard(
        "sql/policies/list_columns.sql",
        "\\set also 'AND user_id = (SELECT control.user_id())'\n",
        "",
        "tests/sql/test_roles.py",
    ),
    "members decide what stands on the lab's labels": Guard(
        "sql/policies/label_settings.sql", "\\set writers manager\n", "", "tests/sql/test_roles.py"
    ),
    "members decide what may be taken": Guard(
        "sql/policies/check_out_rules.sql", "\\set writers manager\n", "", "tests/sql/test_roles.py"
    ),
    "everybody takes what is restricted": Guard(
        "sql/triggers/check_out_rules.sql",
        "  PERFORM inventory.refuse_taking_restricted(new.lab_id, new.container_id, new.reason);\n",
        "",
        "tests/api/test_restricted.py",
    ),
    "the whole bottle of what is restricted is taken": Guard(
        "sql/triggers/check_out_rules.sql",
        "  PERFORM inventory.refuse_taking_restricted(new.lab_id, new.id, NULL);\n",
        "",
        "tests/api/test_restricted.py",
    ),
    "members name themselves": Guard(
        "sql/policies/restricted_members.sql", "\\set writers manager\n", "", "tests/sql/test_roles.py"
    ),
    "members lift restrictions": Guard(
        "sql/policies/restrictions.sql", "\\set writers manager\n", "", "tests/sql/test_roles.py"
    ),
    "a merger forgets a restriction": Guard(
        "sql/functions/merging.sql",
        "r.chemical_id IN (kept, merged) AND r.is_restricted",
        "false",
        "tests/api/test_restricted.py",
    ),
    "what a lab refuses to give out is refused by nobody": Guard(
        "sql/triggers/check_out_rules.sql",
        "  PERFORM inventory.refuse_taking(new.lab_id, new.container_id);\n",
        "",
        "tests/api/test_peroxides.py",
    ),
    "the whole bottle is taken where an amount of it is refused": Guard(
        "sql/triggers/check_out_rules.sql",
        "  PERFORM inventory.refuse_taking(new.lab_id, new.id);\n",
        "",
        "tests/api/test_peroxides.py",
    ),
    "a test for peroxides is in somebody else's name": Guard(
        "sql/policies/peroxide_tests.sql",
        "INSERT (container_id, ppm, tested_on, next_due)",
        "INSERT (container_id, ppm, tested_on, next_due, noted_by)",
        "tests/api/test_peroxides.py",
    ),
    "a code is attached to what the lab does not have": Guard(
        "api/resources/product_codes.py",
        'if not set(asked.container_ids) <= {row["id"] for row in found["looked"]}:',
        "if False:",
        "tests/api/test_product_codes.py",
    ),
    "every page may run WebAssembly": Guard(
        "pages/common/headers.py", 'if g.get("scans"):', "if True:", "tests/pages/test_common_app.py"
    ),
    "members write what managers decide": Guard(
        "sql/policies/locations.sql", "\\set writers manager\n", "", "tests/sql/test_roles.py"
    ),
    "the role of another lab opens events": Guard(
        "sql/policies/events.sql",
        "USING (lab_id = (SELECT CASE WHEN control.role() = ''manager'' THEN control.lab_id() END))",
        "USING (lab_id = (SELECT control.lab_id()) AND (SELECT control.role()) = ''manager'')",
        "tests/sql/test_roles.py::test_events_are_not_read_by_the_role_of_another_lab",
    ),
    "triggers act for any lab": Guard(
        TENANCY, "IF of_row IS DISTINCT FROM control.lab_id() THEN", "IF false THEN", "tests/sql/test_roles.py"
    ),
    "an import ends as often as one likes": Guard(
        "sql/triggers/imports.sql",
        "IF old.committed_at IS NOT NULL OR old.cancelled_at IS NOT NULL OR",
        "IF",
        "tests/sql/test_roles.py",
    ),
    "anybody says when an import was committed": Guard(
        "sql/triggers/imports.sql", "new.committed_at := control.clock();", "", "tests/sql/test_roles.py"
    ),
    "a posted stocktake is cancelled": Guard(
        "sql/triggers/stocktakes.sql",
        "IF old.posted_at IS NOT NULL OR old.cancelled_at IS NOT NULL THEN",
        "IF false THEN",
        "tests/sql/test_roles.py",
    ),
    "a member hides a loss behind a wide tolerance": Guard(
        "sql/triggers/stocktakes.sql",
        "AND NOT control.is_dba() AND control.role() IS DISTINCT FROM 'manager' THEN",
        "AND false THEN",
        "tests/api/test_parts_of_stocktakes.py",
    ),
    "a blind stocktake takes what is expected": Guard(
        "api/resources/stocktakes/counts.py",
        'if stocktake["blind"]:',
        "if False:",
        "tests/api/test_parts_of_stocktakes.py",
    ),
    "anybody takes a bottle from its holder": Guard(
        "sql/triggers/containers.sql",
        "IF NOT control.is_dba() AND control.role() IS DISTINCT FROM 'manager'\n       AND EXISTS",
        "IF false AND EXISTS",
        "tests/sql/test_roles.py",
    ),
    "who reads may write": Guard(
        TENANCY, "IF needed_role = 'viewer' THEN", "IF false THEN", "tests/sql/test_tenancy.py"
    ),
    "the lab stays with the connection": Guard(
        TENANCY,
        "set_config('app.lab_id', lab_id::text, true), set_config('app.session', session, true)",
        "set_config('app.lab_id', lab_id::text, false), set_config('app.session', session, false)",
        "tests/sql/test_tenancy.py",
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
    "a line says itself who wrote it": Guard(
        "sql/triggers/events.sql",
        "  new.made_by_name := coalesce(who.username, session_user);",
        "  new.made_by_name := coalesce(new.made_by_name, who.username, current_setting('app.user_id', true), session_user);",
        "tests/attacks/test_trace.py",
    ),
    "a line is changed": Guard(
        "sql/triggers/events.sql",
        "RAISE EXCEPTION 'events are not changed' USING",
        "RETURN new; RAISE EXCEPTION 'events are not changed' USING",
        "tests/attacks/test_trace.py",
    ),
    "young lines are forgotten": Guard(
        "sql/functions/signing_in.sql", "greatest(days, 90)", "days", "tests/attacks/test_trace.py"
    ),
    "a repeated addition leaves no line": Guard(
        "sql/triggers/events.sql",
        "ELSIF old.ended_at IS NULL OR new.ended_at IS NOT NULL THEN",
        "ELSE",
        "tests/attacks/test_trace.py",
    ),
    "members of any role see who did what": Guard(
        "sql/policies/events.sql",
        "CASE WHEN control.role() = ''manager'' THEN control.lab_id() END",
        "control.lab_id()",
        "tests/attacks/test_trace.py",
    ),
    "managers see the lines of all labs": Guard(
        "sql/policies/events.sql",
        "USING (lab_id = (SELECT CASE WHEN control.role() = ''manager'' THEN control.lab_id() END))",
        "USING ((SELECT control.role()) = ''manager'')",
        "tests/attacks/test_trace.py",
    ),
    "lines of triggers are written by hand": Guard(
        "sql/policies/events.sql",
        "WITH CHECK (kind IN (''sign_in_refused'', ''password_reset'', ''password_changed'', ''password_confirmed'',\n"
        "                             ''isolation_proved'', ''isolation_held'', ''isolation_broken'', ''isolation_unproved'', ''exported''))",
        "WITH CHECK (true)",
        "tests/attacks/test_trace.py",
    ),
    "imports come and go without a trace": Guard(
        "sql/triggers/imports.sql",
        "AFTER INSERT ON inventory.imports FOR EACH ROW EXECUTE FUNCTION inventory.trace_import()",
        "AFTER INSERT ON inventory.imports FOR EACH ROW WHEN (false) EXECUTE FUNCTION inventory.trace_import()",
        "tests/attacks/test_trace_of_routes.py",
    ),
    "a proof says that it held, always": Guard(
        "api/administration/isolation.py",
        'outcome = "isolation_held" if holds else "isolation_broken"',
        'outcome = "isolation_held"',
        "tests/attacks/test_trace.py",
    ),
    "an export is noted for another lab": Guard(
        "sql/policies/events.sql",
        "WITH CHECK (kind = ''exported'' AND lab_id = (SELECT control.lab_id()) AND made_by",
        "WITH CHECK (kind = ''exported'' AND made_by",
        "tests/attacks/test_trace.py",
    ),
    "refusals fill the table": Guard(
        "sql/functions/signing_in.sql", "IF lately >= hourly OR EXISTS (", "IF EXISTS (", "tests/attacks/test_trace.py"
    ),
    "a file is taken away without a line": Guard(
        "api/core/exports.py", "await data.note_export(visit, name)", "pass", "tests/attacks/test_trace.py", 2
    ),
    "cookies are signed by SHA-1": Guard(
        "pages/common/signing.py",
        "    digest_method = staticmethod(hashlib.sha256)",
        "    pass",
        "tests/attacks/test_browsers.py",
    ),
    "forms are signed by SHA-1": Guard(
        "pages/common/signing.py",
        "Signer.default_digest_method = staticmethod(hashlib.sha256)",
        "",
        "tests/attacks/test_browsers.py",
    ),
    "a cookie may come from another host": Guard(
        "pages/common/cookies.py", 'return f"__Host-{cookie}" if', "return cookie if", "tests/attacks/test_browsers.py"
    ),
    "stolen passwords are accepted": Guard(
        "api/administration/passwords.py",
        "if any(is_bad_password(",
        "if False and any(is_bad_password(",
        "tests/attacks/test_logins.py",
    ),
    "plain text stays in the secret": Guard(
        "api/administration/signing_in.py",
        "if not logins.is_outdated(held):",
        "if True:",
        "tests/attacks/test_logins.py",
    ),
    "what an operator changed meanwhile is overwritten": Guard(
        "api/core/login_directory.py",
        "and login[0] == instead_of[name]",
        "",
        "tests/attacks/test_logins.py",
    ),
    "a browser's former session goes on": Guard(
        "api/administration/signing_in.py",
        '"ended": (END_SESSION, (former,)),',
        "",
        "tests/attacks/test_sessions.py",
    ),
    "a changed password leaves the former token": Guard(
        "api/administration/sessions.py",
        '"ended": (END_OTHER_SESSIONS, (who["id"], session)),',
        "",
        "tests/attacks/test_sessions.py",
    ),
    "one user's files are read all at once": Guard(
        "api/core/turns.py",
        "async with self._owners[owner], self._free:",
        "async with self._free:",
        "tests/attacks/test_downloads.py",
    ),
    "files take all connections": Guard(
        "api/core/turns.py",
        "async with self._owners[owner], self._free:",
        "async with self._owners[owner]:",
        "tests/attacks/test_downloads.py",
    ),
    "a file is read for nobody": Guard(
        "api/core/exports.py",
        "await while_connected(self._request, self._next(tables[0].pages, owner))",
        "await self._next(tables[0].pages, owner)",
        "tests/attacks/test_downloads.py",
    ),
    "advisories that nobody gives count as none": Guard(
        "requirements/advisories.py",
        'if not packages or any("skip_reason" in package for package in packages):',
        "if False:",
        "tests/scripts/test_supply.py",
    ),
    "labels are printed without a line": Guard(
        "api/resources/containers/printing.py",
        'await data.note_export(visit, "labels")',
        "pass",
        "tests/attacks/test_trace.py",
    ),
    "administrators act as nobody": Guard(
        TENANCY,
        "PERFORM set_config('app.session', session, true);\n  PERFORM control.keep_session(enter_administration",
        "PERFORM control.keep_session(enter_administration",
        "tests/attacks/test_trace.py",
    ),
    "an error's words are in the log": Guard(
        "logs.py",
        'line["error"] = record.exc_info[0].__name__',
        'line["error"] = repr(record.exc_info[1])',
        "tests/attacks/test_logs.py",
    ),
    "gunicorn logs what was searched for": Guard(
        "pages/gunicorn.conf.py",
        "accesslog = None",
        'accesslog = "-"',
        "tests/attacks/test_logs.py",
    ),
    "the database logs what was typed": Guard(
        "local/postgres.py",
        'QUIET = {"log_parameter_max_length": "0", "log_parameter_max_length_on_error": "0", "log_error_verbosity": "terse"}',
        "QUIET: dict[str, str] = {}",
        "tests/attacks/test_logs.py",
    ),
    "everybody administers": Guard(
        TENANCY,
        "IF NOT EXISTS (SELECT FROM control.administrators",
        "IF false AND NOT EXISTS (SELECT FROM control.administrators",
        "tests/api/test_administration.py",
    ),
    "a bottle is overdrawn in words alone": Guard(
        POSTING,
        "IF c.amount + new.amount < 0 AND NOT unknown AND NOT again AND NOT coalesce(mends, false) AND holding.id IS NULL THEN",
        "IF false THEN",
        "tests/sql/test_ledger.py",
    ),
    "a correction changes what a later count found": Guard(
        POSTING, "counted := inventory.count_after(earlier);", "counted := NULL;", "tests/sql/test_counts_hold.py"
    ),
    "takers do not wait for each other": Guard(
        POSTING, "id = new.container_id FOR UPDATE;", "id = new.container_id;", "tests/sql/test_ledger.py"
    ),
    "more comes back than was taken": Guard(
        POSTING,
        "ELSIF so_far + new.amount > 0 THEN\n        facts :=",
        "ELSIF false THEN\n        facts :=",
        "tests/sql/test_ledger.py",
    ),
    "anybody corrects anything": Guard(
        POSTING,
        "IF NOT again AND NOT control.is_dba() AND control.role() IS DISTINCT FROM 'manager'\n       AND",
        "IF false AND",
        "tests/sql/test_ledger.py",
    ),
    "anybody undoes what others moved": Guard(
        "sql/functions/undoing.sql",
        "OR t.made_by IS DISTINCT FROM control.user_id()) THEN",
        ") THEN",
        "tests/sql/test_undoing.py",
    ),
    "anybody disposes": Guard(
        POSTING,
        "IF NOT control.is_dba() AND control.role() IS DISTINCT FROM 'manager' AND (inventory.happened",
        "IF false AND (inventory.happened",
        "tests/api/test_disposals.py",
    ),
    "a member disposes of what he received long ago or used": Guard(
        POSTING,
        "AND (inventory.happened_since_receipt(c) IS NOT NULL OR NOT EXISTS (",
        "AND (NOT EXISTS (",
        "tests/api/test_taking_back.py",
    ),
    "anybody takes a receipt back": Guard(
        "sql/functions/taking_back.sql",
        "ELSIF NOT inventory.may_take_back(d.made_by, d.made_at) THEN",
        "ELSIF false THEN",
        "tests/api/test_taking_back.py",
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
        "opening = self._entering(visit, needed)\n        if visit.key",
        'opening = self._entering(visit, "member")\n        if visit.key',
        "tests/api/test_database.py",
    ),
    "a read may write": Guard(
        DATABASE,
        "opening = self._entering(visit, needed)\n        if needed",
        'opening = self._entering(visit, "member")\n        if needed',
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
    "an answer that the database makes is not kept": Guard(
        DATABASE, "SET answer = d.answer", "SET answer = r.answer", "tests/api/test_database.py"
    ),
    "skipped statements are believed in": Guard(
        DATABASE, 'await connection.execute("BEGIN", prepare=False)', "pass", "tests/api/test_database.py"
    ),
    "settings stay on a connection": Guard(DATABASE, '    "RESET ALL",\n', "", "tests/attacks/test_leftovers.py"),
    "locks stay on a connection": Guard(
        DATABASE, '"SELECT pg_advisory_unlock_all(), EXISTS', '"SELECT EXISTS', "tests/attacks/test_leftovers.py"
    ),
    "injected statements stay on a connection": Guard(
        DATABASE,
        "(SELECT FROM pg_prepared_statement() WHERE from_sql)",
        "(SELECT WHERE false)",
        "tests/attacks/test_leftovers.py",
    ),
    "an injected statement says that there is none": Guard(
        DATABASE, "cast(Any, sql), prepare=False)", "cast(Any, sql), prepare=True)", "tests/attacks/test_leftovers.py"
    ),
    "locks outlast an error": Guard(
        DATABASE,
        "await connection.rollback()\n    await _pipelined(connection, [], last=True)",
        "await connection.rollback()",
        "tests/attacks/test_leftovers.py",
    ),
    "connections that are gone are given out": Guard(
        DATABASE, "if not (more and _hung_up(connection)):", "if True:", "tests/api/test_database.py"
    ),
    "what is in doubt is denied": Guard(
        "api/core/refusals.py", "BROKEN if is_lost(error) else AWAY", "AWAY", "tests/api/test_database.py"
    ),
    "guesses cost nothing": Guard(
        SIGNING_IN, "of_all, 5 AS free", "of_all, 5000 AS free", "tests/attacks/test_logins.py"
    ),
    "names that are not there answer sooner": Guard(
        "api/core/login_directory.py",
        "            stored = self._nobody\n",
        "            return False\n",
        "tests/api/test_secrets.py",
    ),
    "the password now is not asked for": Guard(
        "api/administration/sessions.py",
        'if not await logins.verify(who["username"], password, noted["directory_version"]):',
        "if False:",
        "tests/api/test_administration.py",
    ),
    "old sessions outlive a new password": Guard(
        "api/administration/sessions.py",
        'WHERE user_id = %s AND token_hash <> sha256(decode(%s, \'hex\'))"""',
        'WHERE user_id = %s AND token_hash <> sha256(decode(%s, \'hex\')) AND false"""',
        "tests/api/test_administration.py",
    ),
    "a reset leaves sessions open": Guard(
        "api/administration/logins.py",
        "sessions = (END_SESSIONS, (username,))",
        "sessions = (FIND_VERSION, ())",
        "tests/api/test_administration.py",
        2,
    ),
    "a password that was changed by hand is believed from the cache": Guard(
        "api/core/login_directory.py",
        "now = await self.read(version)\n",
        "now = known\n",
        "tests/attacks/test_logins.py",
    ),
    "changes of other processes are not noticed": Guard(
        "api/core/login_directory.py", "known.version >= version and", "", "tests/attacks/test_logins.py"
    ),
    "what is no text is somebody's password": Guard(
        "api/core/login_directory.py",
        "if not (isinstance(password, str) and password and isinstance(key, str) and KEY.fullmatch(key)):\n        return None\n    return password, key",
        "return str(password or ''), str(key)",
        "tests/attacks/test_logins.py",
    ),
    "a namesake inherits": Guard(
        "api/administration/logins.py",
        'await data.administer(visit, {"retired": (RETIRE_NAMESAKES, (names,))})',
        "pass",
        "tests/attacks/test_logins.py",
    ),
    "common passwords are taken": Guard(
        "api/administration/passwords.py", 'if found["score"] >= 2:', "if True:", "tests/attacks/test_logins.py"
    ),
    "who is missing in the secrets stays": Guard(
        SIGNING_IN,
        "  SELECT control.retire_user(u.username) FROM control.users u\n",
        "  SELECT 1 FROM control.users u\n",
        "tests/attacks/test_logins.py",
    ),
    "a burst is counted before it is noted": Guard(
        SIGNING_IN,
        "PERFORM pg_advisory_xact_lock(hashtextextended('try ' || of_username, 0));",
        "",
        "tests/attacks/test_logins.py",
    ),
    "a stranger slows a known browser down": Guard(
        SIGNING_IN,
        "is_known CONSTANT boolean := from_address LIKE 'device:%' OR from_address LIKE 'session:%'",
        "is_known CONSTANT boolean := false",
        "tests/attacks/test_logins.py",
    ),
    "a stranger shuts an administrator out": Guard(
        "api/administration/signing_in.py",
        'if noted["wait_of_all_seconds"] and not (reading and noted["is_administrator"]):',
        'if noted["wait_of_all_seconds"]:',
        "tests/attacks/test_logins.py",
    ),
    "a made password is good for ever": Guard(
        SIGNING_IN, "IF who.made_password_until < now() THEN", "IF false THEN", "tests/attacks/test_logins.py"
    ),
    "a made password opens labs": Guard(
        TENANCY, "  IF password_first THEN\n", "  IF false THEN\n", "tests/attacks/test_logins.py", 2
    ),
    "an unused session goes on": Guard(
        SIGNING_IN, "now() + least(longest, idle_for)", "now() + longest", "tests/attacks/test_sessions.py"
    ),
    "a busy session never ends": Guard(
        TENANCY,
        "SET expires_at = least(ends_at, now() + idle)",
        "SET expires_at = now() + idle",
        "tests/attacks/test_sessions.py",
    ),
    "anybody ends anybody's session": Guard(
        "api/administration/sessions.py",
        "AND s.user_id = mine.user_id AND s.id = %s RETURNING s.id",
        "AND s.id = %s RETURNING s.id",
        "tests/attacks/test_sessions.py",
    ),
    "no administrator remains": Guard(
        "sql/functions/administration.sql",
        "IF found AND NOT EXISTS (SELECT FROM control.administrators) THEN",
        "IF false THEN",
        "tests/attacks/test_logins.py",
    ),
    "another user's browser is a known one": Guard(
        "pages/login/known_browser.py",
        '_devices(request).get(username.strip().lower(), "")',
        'next(iter(_devices(request).values()), "")',
        "tests/attacks/test_browsers.py",
    ),
    "any cursor is believed": Guard(
        "api/core/paging.py",
        "if not all(type(value) is kind",
        "if False and not all(type(value) is kind",
        "tests/api/test_chemicals.py",
    ),
    "formulas run in exports": Guard(
        "api/core/tables.py",
        """return "'" + text if text.lstrip("'").startswith(FORMULA_BEGINS_WITH) else text""",
        "return text",
        "tests/api/test_exports.py tests/api/test_chemicals.py tests/api/test_history.py",
    ),
    "next leads anywhere": Guard(
        "pages/common/paths.py", "return None", "return str(target)", "tests/pages/test_common_paths.py", 0
    ),
    "a file's process reads the API's secrets": Guard(
        "api/__main__.py", "\nhide()\n", "\n", "tests/attacks/test_hidden_secrets.py"
    ),
    "the services may use the database postgres": Guard(
        "sql/other_databases.sql",
        "'REVOKE CONNECT, TEMPORARY ON DATABASE %I FROM PUBLIC', d",
        "'SELECT 1 /* %I */', d",
        "tests/sql/test_what_remains.py",
    ),
    "a header says where a page stands": Guard(
        "pages/gunicorn.conf.py",
        'forwarder_headers = ""',
        'forwarder_headers = "SCRIPT_NAME"',
        "tests/attacks/test_bodies.py",
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
        "pages/common/headers.py",
        "script-src 'self'\",\n",
        "script-src 'self' 'unsafe-inline'\",\n",
        "tests/pages/test_common_app.py",
    ),
    "what people write is HTML": Guard(
        "pages/common/app.py",
        "app.jinja_env.trim_blocks =",
        "app.jinja_env.autoescape = False\n    app.jinja_env.trim_blocks =",
        "tests/pages/test_hostile_text.py",
    ),
    "pages may be framed": Guard(
        "pages/common/headers.py",
        "frame-ancestors 'none'",
        "frame-ancestors *",
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
    "the answer tells who is an administrator": Guard(
        "api/administration/signing_in.py",
        'if noted["wait_of_all_seconds"] and not (reading and noted["is_administrator"]):',
        'if noted["wait_of_all_seconds"] and not noted["is_administrator"]:',
        "tests/attacks/test_logins.py",
    ),
    "nothing was changed, although the secret was": Guard(
        "api/core/login_directory.py",
        '    except (psycopg.Error, Problem) as error:\n        log.error("the secret of logins was written',
        '    except ZeroDivisionError as error:\n        log.error("the secret of logins was written',
        "tests/attacks/test_logins.py",
    ),
    "two who make logins at once undo each other": Guard(
        DATABASE,
        'await connection.execute("SELECT pg_advisory_lock(hashtext(%s))", (what,))',
        "pass",
        "tests/attacks/test_two_processes.py",
    ),
    "whoever waits to write a secret keeps a connection": Guard(
        DATABASE,
        "async with self._one_writes, self._connection(self._control) as connection:",
        "async with self._connection(self._control) as connection:",
        "tests/attacks/test_two_processes.py",
    ),
    "grave acts ask for no password": Guard(
        DATABASE,
        "return TYPED_LATELY, (visit.session, self._password_lasts, visit.network)",
        'return "SELECT 1", ()',
        "tests/attacks/test_password_again.py",
    ),
    "a password typed long ago is enough": Guard(
        SIGNING_IN,
        "AND s.expires_at > now() AND s.password_given_at > now() - within",
        "AND s.expires_at > now()",
        "tests/attacks/test_password_again.py",
    ),
    "a password typed elsewhere is enough": Guard(
        SIGNING_IN,
        "AND from_network IN ('', s.password_given_from)",
        "",
        "tests/attacks/test_password_again.py",
    ),
    "any password typed again is enough": Guard(
        "api/administration/sessions.py",
        'if not await logins.verify(who["username"], password, noted["directory_version"]):',
        "if False:",
        "tests/attacks/test_password_again.py",
    ),
    "a password typed again stays in a kept form": Guard(
        "pages/common/kept_forms.py",
        'if name not in NOT_KEPT]\n    return None if any("password" in name for name, _ in fields) else fields',
        "]\n    return fields",
        "tests/attacks/test_password_again.py",
    ),
    "refused tries are not told": Guard(
        SIGNING_IN,
        "DELETE FROM control.refused_tries r WHERE r.user_id = of_user",
        "DELETE FROM control.refused_tries r WHERE r.user_id = of_user AND false",
        "tests/attacks/test_password_again.py",
    ),
    "anybody may stand in for the database": Guard(
        "cloudformation/service.yaml",
        "CHEMTRACK_DATABASE_SSLMODE, Value: verify-full",
        "CHEMTRACK_DATABASE_SSLMODE, Value: require",
        "tests/attacks/test_database_certificate.py",
    ),
    "anybody may stand in for the database of the task sql": Guard(
        "cloudformation/sql.yaml",
        "PGSSLMODE, Value: verify-full",
        "PGSSLMODE, Value: require",
        "tests/attacks/test_database_certificate.py",
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


@pytest.mark.timeout(3600)
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
