"""Members of several labs at work: they take, return, receive, count and search, and send again what had no answer."""

import random
import threading
import time
import uuid
from abc import ABC, abstractmethod
from contextlib import suppress
from typing import Any

import requests
from bs4 import BeautifulSoup

from tests.faults.journal import Journal, Sent
from tests.faults.services import ChemTrack
from tests.installation import Client, fields_of

PAUSE = 0.15  # seconds between two acts, and before a request is sent again
PATIENCE = 15  # seconds until somebody gives up on an answer
UNCHANGED = "Nothing was changed"


class Lab:
    """A lab as its members use it: containers, chemicals and the room that its manager counts."""

    def __init__(self, slug: str, manager: Client) -> None:
        self.slug = slug
        room = manager.send_once(f"/labs/{slug}/locations", {"kind": "room", "name": f"Store of {slug}"}).json()["id"]
        self.room = int(room)
        self.chemicals = [
            int(manager.send_once(f"/labs/{slug}/chemicals", {"name": f"{name} of {slug}"}).json()["id"])
            for name in ("Acetone", "Sodium chloride", "Toluene")
        ]
        # Most containers hold plenty. Some hold little, so that some check-outs are refused.
        lines = [
            {"chemical_id": chemical, "count": 4, "location_id": self.room, "pack_size": size, "pack_unit": "g"}
            for chemical, size in zip(self.chemicals, ("5000", "5000", "40"), strict=True)
        ]
        answer = manager.send_once(f"/labs/{slug}/deliveries", {"lines": lines})
        assert answer.status_code == 201, answer.text
        self.containers = [int(container["id"]) for container in answer.json()["containers"]]


class Person(threading.Thread, ABC):
    """Somebody who works until it is over, or until they have sent `most` requests."""

    lab: Lab

    def __init__(self, chemtrack: ChemTrack, name: str, journal: Journal, over: threading.Event) -> None:
        super().__init__(name=name, daemon=True)
        self.chemtrack, self.journal, self.over = chemtrack, journal, over
        self.chance = random.Random(name)
        self.fault: BaseException | None = None
        self.most = 1500

    def run(self) -> None:
        try:
            while not self.over.wait(PAUSE) and self.most > 0:
                self.most -= 1
                self.work()
        except BaseException as fault:
            self.fault = fault

    @abstractmethod
    def sign_in(self) -> None:
        """Signs in once: the session outlives every fault."""

    @abstractmethod
    def secret(self) -> str:
        """The session's token or cookie."""

    @abstractmethod
    def work(self) -> None:
        """One act."""

    def gives_up(self, sent: Sent | None) -> bool:
        """Whether this person gives the request up: at the end of the run always, else one in five times after the first fault."""
        return self.over.is_set() or (sent is not None and sent.tries == 1 and self.chance.random() < 0.2)


class Member(Person):
    """Uses the API as a page does."""

    def sign_in(self) -> None:
        """Signs in at the API, as the page Login does."""
        self.client = Client(self.chemtrack.api.url, self.chemtrack.service_token)
        login = {"username": self.name, "password": self.chemtrack.password, "address": "127.0.0.1"}
        answer = self.client.post("/sessions", json=login)
        assert answer.status_code == 201, answer.text
        self.client.headers["Authorization"] = f"Bearer {answer.json()['token']}"
        self.out: list[int] = []

    def secret(self) -> str:
        return str(self.client.headers["Authorization"]).removeprefix("Bearer ")

    def work(self) -> None:
        acts = [self.check_out, self.bring_back, self.receive, self.search]
        self.chance.choices(acts, weights=(9, 4, 2, 5))[0]()

    def post(self, path: str, body: dict[str, Any], sent: Sent | None = None, patient: bool = False) -> Any:
        """Sends a request with the same key until its outcome is known or the run is over; returns the answer's body, or None."""
        key = str(uuid.uuid4())
        while True:
            self.journal.count_request()
            if sent:
                sent.tries += 1
            try:
                answer = self.client.post(
                    f"/labs/{self.lab.slug}{path}", json=body, headers={"Idempotency-Key": key}, timeout=PATIENCE
                )
            except requests.RequestException:
                answer = None
            if answer is not None and answer.status_code < 500:
                assert answer.status_code in (200, 201, 404, 409, 422), f"{path}: {answer.status_code} {answer.text}"
                self.journal.note_missing(answer.status_code == 404)
                if sent:
                    sent.outcome = "acknowledged" if answer.ok else "refused"
                    sent.replayed = "Idempotent-Replayed" in answer.headers
                    self.click_again(sent, answer)
                return answer.json() if answer.ok else None
            if answer is not None and sent:
                sent.denied |= UNCHANGED in answer.text
            if self.over.is_set() or (not patient and self.gives_up(sent)):
                return None
            time.sleep(PAUSE)

    def click_again(self, sent: Sent, answer: requests.Response) -> None:
        """Now and then sends an acknowledged request once more: the answer must be the same."""
        if answer.ok and self.chance.random() < 0.1:
            sent.tries += 1
            self.journal.count_request()
            with suppress(requests.RequestException):
                again = self.client.send(answer.request, timeout=PATIENCE)
                alike = again.status_code >= 500 or again.content == answer.content
                with self.journal.lock:
                    self.journal.otherwise += not alike

    def check_out(self) -> None:
        """Checks out from one to three containers; now and then more than they can hold, or in a unit that does not fit."""
        mark = f"check-out {uuid.uuid4()}"
        chosen = self.chance.sample(self.lab.containers, self.chance.randint(1, 3))
        lines = [{"container_id": c, "amount": str(self.chance.randint(1, 9)), "unit": "g"} for c in chosen]
        if self.chance.random() < 0.1:
            lines[-1] |= self.chance.choice([{"amount": "100000"}, {"unit": "mL"}])
        done = self.post("/check-outs", {"purpose": mark, "lines": lines}, self.journal.note(mark, len(lines)))
        if done:
            self.out += [item["movement_id"] for item in done["items"]]

    def bring_back(self) -> None:
        """Returns a part of what was checked out."""
        if not self.out:
            return self.check_out()
        number = self.out.pop()
        body = {"lines": [{"movement_id": number, "amount": "0.5", "unit": "g"}]}
        self.post("/returns", body, self.journal.note(f"return of {number}", 1))
        return None

    def receive(self) -> None:
        """Receives one or two containers."""
        mark, count = f"order {uuid.uuid4()}", self.chance.randint(1, 2)
        line = {"chemical_id": self.lab.chemicals[0], "count": count, "pack_size": "10", "pack_unit": "g"}
        self.post("/deliveries", {"order_number": mark, "lines": [line]}, self.journal.note(mark, count))

    def search(self) -> None:
        """Searches, and looks whose chemicals are found."""
        self.journal.count_request()
        words = {"q": self.chance.choice(["acetone", "sod", "of"])}
        try:
            answer = self.client.get(f"/labs/{self.lab.slug}/chemicals", params=words, timeout=PATIENCE)
        except requests.RequestException:
            return
        if answer.ok:
            names = [item["name"] for item in answer.json()["items"]]
            with self.journal.lock:
                self.journal.leaks += sum(not name.endswith(f"of {self.lab.slug}") for name in names)
        else:
            assert answer.status_code >= 500, answer.text

    def works_at_once(self) -> bool:
        """Whether a check-out and a search go through at the first try."""
        mark = f"check-out {uuid.uuid4()}"
        sent = self.journal.note(mark, 1)
        self.journal.count_request()
        body = {"purpose": mark, "lines": [{"container_id": self.lab.containers[0], "amount": "0.001", "unit": "g"}]}
        sent.tries = 1
        try:
            answer = self.client.send_once(f"/labs/{self.lab.slug}/check-outs", body)
            found = self.client.get(f"/labs/{self.lab.slug}/chemicals", params={"q": "acetone"})
        except requests.RequestException:
            return False
        if answer.ok:
            sent.outcome = "acknowledged"
        sent.denied = answer.status_code >= 500 and UNCHANGED in answer.text
        return answer.ok and found.ok


class Manager(Member):
    """Counts the lab's room again and again, while the others take."""

    def work(self) -> None:
        if self.chance.random() < 0.7:
            return self.search()
        started = self.post("/stocktakes", {"location_id": self.lab.room}, patient=True)
        if started is None:
            return None
        path, chosen = f"/stocktakes/{started['id']}", self.chance.sample(self.lab.containers[:8], 3)
        lines = [{"container_id": c, "counted": str(self.chance.randint(3000, 9000)), "unit": "g"} for c in chosen]
        if self.post(f"{path}/counts", {"lines": lines}, patient=True) is not None:
            sent = self.journal.note(f"stocktake {started['id']}", len(lines))
            if self.post(f"{path}/post", {}, sent, patient=True) is None:
                self.post(f"{path}/cancel", {}, patient=True)
        return None


class Browser(Person):
    """Uses the page Check out, through the gateway."""

    def sign_in(self) -> None:
        """Signs in on the page."""
        self.session = requests.Session()
        self.session.trust_env = False
        form = self.form(self.session.get(f"{self.chemtrack.gateway.url}/login", timeout=PATIENCE), "[name=password]")
        form |= {"username": [self.name], "password": [self.chemtrack.password]}
        answer = self.session.post(
            f"{self.chemtrack.gateway.url}/login", data=form, timeout=PATIENCE, allow_redirects=False
        )
        assert answer.status_code in (302, 303), answer.text

    def secret(self) -> str:
        return str(self.session.cookies["chemtrack"])

    def form(self, answer: requests.Response, field: str) -> dict[str, list[Any]]:
        """The fields of the page's form that contains an element `field` (a CSS selector)."""
        found = BeautifulSoup(answer.text, "html.parser").select_one(f"form:has({field})")
        assert found is not None, answer.text
        return fields_of(found)

    def ask(self, method: str, path: str, **form: Any) -> requests.Response | None:
        """Sends a request. An answer of 500 or above must have a sentence on its page. None: no answer came."""
        self.journal.count_request()
        url = f"{self.chemtrack.gateway.url}{path}"
        try:
            answer = self.session.request(method, url, timeout=PATIENCE, allow_redirects=False, **form)
        except requests.RequestException as error:
            with self.journal.lock:  # the gateway was never killed: it answers, whatever happens behind it
                self.journal.traces.append(f"{path}: {error}")
            return None
        if answer.status_code >= 500:
            heading = BeautifulSoup(answer.text, "html.parser").select_one("h1")
            if heading is None or not heading.text.strip() or "Traceback" in answer.text or "psycopg" in answer.text:
                with self.journal.lock:
                    self.journal.traces.append(f"{path}: {answer.status_code} {answer.text}")
        return answer

    def work(self) -> None:
        path, container = f"/checkout/{self.lab.slug}", self.chance.choice(self.lab.containers)
        shown = self.ask("GET", f"{path}?container={container}")
        if shown is None or shown.status_code != 200:
            return
        form = self.form(shown, "[name$='-amount']")
        mark = f"check-out {uuid.uuid4()}"
        [amount] = [name for name in form if name.endswith("-amount")]
        form |= {amount: [str(self.chance.randint(1, 9))], "purpose": [mark]}
        sent = self.journal.note(mark, 1)
        while True:
            sent.tries += 1
            answer = self.ask("POST", path, data=form)
            if answer is not None and answer.status_code < 500:
                sent.outcome = "acknowledged" if answer.status_code == 303 else "refused"
                return
            if answer is not None:
                sent.denied |= UNCHANGED in answer.text
            if self.gives_up(sent):
                return
            time.sleep(PAUSE)
