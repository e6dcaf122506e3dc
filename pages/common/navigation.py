"""The list of all pages: which entries the side bar, the phone's tab bar and the lab switch show to which role.

To add a page: its folder, one Entry here, its entry in cloudformation/pages.json, a test.
"""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from flask import current_app, request, session

from pages.common.login import Lab, Member, User, current_member, signed_in
from pages.common.paths import on_this_site


@dataclass(frozen=True)
class Entry:
    """A line of the side bar. `key`: `g` and this key lead there. `tab`: its word on the phone's tab bar, if any.

    `role` is the lowest role that sees the entry.
    """

    page: str
    title: str
    icon: str
    group: str = ""
    role: str = "viewer"
    key: str = ""
    tab: str = ""
    tab_icon: str = ""
    below: str = ""
    """The part of the page to which the entry leads, such as "locations"; empty: to the page itself."""


ENTRIES = (
    Entry("home", "Home", "home", key="h", tab="Home"),
    Entry("chemicals", "Chemicals", "flask", key="c", tab="Find", tab_icon="search"),
    Entry("checkout", "Check out", "out", "Stock", "member", "o", "Scan", "scan"),
    Entry("checkin", "Check in", "in", "Stock", "member", "i"),
    Entry("history", "Move", "swap", "Stock", "member", "v", below="move"),
    Entry("reconcile", "Reconcile", "count", "Stock", key="r", tab="Count"),
    Entry("reconcile", "Locations", "pin", "Stock", key="l", below="locations"),
    Entry("disposal", "Disposal", "bin", "Stock", key="d"),
    Entry("history", "History", "clock", "Records", key="y"),
    Entry("imports", "Imports", "sheet", "Records", "manager", "m"),
)
HOME, SEARCH, ADMIN, SCAN = "home", "chemicals", "admin", "checkout"
ADMIN_LINKS = (
    ("/admin", "Labs and members", "Labs", "building"),
    ("/admin/logins", "Logins", "Logins", "key"),
    ("/admin/classifications", "Classifications", "Hazards", "sheet"),
    ("/admin/isolation", "Prove isolation", "Isolation", "shield"),
    ("/admin/events", "Events", "Events", "clock"),
)
ACCOUNT, SIGN_IN, SIGN_OUT, CHOOSE_LAB, THEME = "/account", "/login", "/logout", "/login/lab", "/login/theme"
PAGE_TITLES = {entry.page: entry.title for entry in ENTRIES if not entry.below} | {ADMIN: "Administration"}


@dataclass(frozen=True)
class Link:
    """A link of the frame. `id` names the place of its count of waiting work."""

    path: str
    title: str
    icon: str
    current: bool = False
    key: str = ""
    id: str = ""


@dataclass(frozen=True)
class Frame:
    """The frame that base.html draws around a page."""

    member: Member | None
    user: User | None
    administers: bool
    groups: dict[str, list[Link]] = field(default_factory=dict)
    tabs: list[Link] = field(default_factory=list)
    more: list[Link] = field(default_factory=list)
    others: list[tuple[Lab, str]] = field(default_factory=list)
    search: str = ""
    search_label: str = ""
    home: str = "/"
    counts: str = ""

    @property
    def lab_class(self) -> str:
        """The class that carries the lab's colour."""
        return f"ct-lab-{self.member.lab.colour}" if self.member else "ct-lab-none"


def path(page: str, *parts: object, lab: str | None = None, **query: Any) -> str:
    """The address of something on a page: path('chemicals', 12) is /chemicals/curie/12 in Curie lab.

    `lab` is the lab of this request unless given. In `query` None is left out and a list is repeated.
    """
    if lab is None:
        member = current_member()
        lab = member.lab.slug if member else ""
    whole = "/".join(["", *(quote(str(part), safe="") for part in (page, lab, *parts) if part != "")])
    asked = urlencode({key: value for key, value in query.items() if value is not None}, doseq=True)
    return f"{whole}?{asked}" if asked else whole


def container_path(code: object) -> str:
    """The address on a container's label: /C/LAB/CODE."""
    return path("C", code)


def start(user: User) -> str:
    """Where `/` and a sign-in lead: the user's last or only lab, administration, or the choice of a lab."""
    if len(user.labs) == 1 and not user.administrator:
        return path(HOME, lab=user.labs[0].slug)
    if user.administrator and not user.labs:
        return f"/{ADMIN}"
    last = user.lab(session.get("last_lab"))
    return path(HOME, lab=last.slug) if last else CHOOSE_LAB


def title_of(target: str | None) -> str | None:
    """The title of the page that a path leads to: 'Check out' for /checkout/curie."""
    found = on_this_site(target)
    return PAGE_TITLES.get(found.split("/")[1].partition("?")[0]) if found else None


def this_page() -> str:
    """The name of the page that answers this request."""
    return str(current_app.extensions["chemtrack-page"])


def frame() -> Frame:
    """Draw up the frame for this request."""
    user, here = signed_in(), this_page()
    member = current_member() or (_usual(user) if user else None)
    if user and user.administrator and (here == ADMIN or not member):
        return _admin_frame(user)
    if member:
        return _lab_frame(user, member, here)
    others = [(lab, path(HOME, lab=lab.slug)) for lab in user.labs] if user else []
    return Frame(None, user, False, others=others)


def _usual(user: User) -> Member | None:
    """The lab shown on pages without a lab, such as the account: the one the user visited last, or their first."""
    lab = user.lab(session.get("last_lab")) or next(iter(user.labs), None)
    return Member(lab, user.id_number, user.username, user.name) if lab else None


def _lab_frame(user: User | None, member: Member, here: str) -> Frame:
    groups: dict[str, list[Link]] = {}
    tabs: list[Link] = []
    more: list[Link] = []
    around = [entry for entry in ENTRIES if entry.page == here]
    current = next(
        (entry for entry in around if entry.below and f"/{entry.below}" in request.path),
        next((entry for entry in around if not entry.below), None),
    )
    for entry in ENTRIES:
        if not member.may(entry.role):
            continue
        where = path(entry.page, entry.below, lab=member.lab.slug)
        waiting = "" if entry.below else f"n-{entry.page}"
        link = Link(where, entry.title, entry.icon, entry is current, entry.key, waiting)
        groups.setdefault(entry.group, []).append(link)
        if entry.tab:
            tabs.append(Link(link.path, entry.tab, entry.tab_icon or entry.icon, link.current))
        else:
            more.append(link)
    page = next((entry for entry in around if not entry.below), ENTRIES[0])
    others = [
        (lab, path(page.page if Member(lab, 0, "", "").may(page.role) else HOME, lab=lab.slug))
        for lab in (user.labs if user else [])
        if lab.slug != member.lab.slug
    ]
    return Frame(
        member,
        user,
        bool(user and user.administrator),
        groups,
        tabs,
        more,
        others,
        path(SEARCH, lab=member.lab.slug),
        "Search this lab’s chemicals",
        path(HOME, lab=member.lab.slug),
        path(HOME, "counts", lab=member.lab.slug),
    )


def _admin_frame(user: User) -> Frame:
    now = max((link[0] for link in ADMIN_LINKS if (request.path + "/").startswith(link[0] + "/")), key=len, default="")
    groups = {"": [Link(where, title, icon, where == now) for where, title, _, icon in ADMIN_LINKS]}
    tabs = [Link(where, short, icon, where == now) for where, _, short, icon in ADMIN_LINKS]
    tabs.append(Link(ACCOUNT, "Account", "user", request.path == ACCOUNT))
    others = [(lab, path(HOME, lab=lab.slug)) for lab in user.labs]
    search = ADMIN_LINKS[0][0]
    return Frame(None, user, True, groups, tabs, [], others, search, "Find a lab or a member", search)
