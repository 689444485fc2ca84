"""A visit and what it answers: one frozen view model to each template, each access logged before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from presis.application import Application
from presis.diagnostics.sample_types import sample_types
from presis.documents.language import Language, Words, words
from presis.governance.actors import Directory
from presis.record import Actor, Command, Conflict, Fact, Refusal
from presis.web.faults import Fault
from presis.web.history import fact_line
from presis.web.sessions import Session
from presis.web.settings import Settings

TEMPLATES = Path(__file__).parent / "templates"
LANGUAGE_COOKIE = "presis_language"


@dataclass(frozen=True, slots=True)
class NavItem:
    """A place of the main menu."""

    href: str
    word: str
    current: bool


@dataclass(frozen=True, slots=True)
class Frame:
    """What surrounds every page: its title, who is here, the menu, a notice of what was just done."""

    title: str
    language: str
    other_language: str
    here: str
    who: str
    csrf: str
    nav: tuple[NavItem, ...]
    notice: str | None
    demo: bool


@dataclass(frozen=True, slots=True)
class MessagePage:
    """A page with one sentence and one thing to do: refused, not found, an error, logged out.

    `written` is what was typed and not kept; `faults` what couldn't be used.
    """

    template: ClassVar[str] = "message.html"
    frame: Frame
    heading: str
    sentence: str
    detail: str | None
    href: str
    action: str
    written: tuple[tuple[str, str], ...] = ()
    faults: tuple[Fault, ...] = ()


#: What a person says of a content that was shown: it is looked at again, never sent over another.
_OF_WHAT_WAS_SEEN = ("/conclude", "/sign", "/accept")


@dataclass(frozen=True, slots=True)
class ConflictPage:
    """Somebody wrote first: what came since, and what this person had written, side by side.

    `form` is what was typed, to be sent again over what came; empty where files were sent with it.
    """

    template: ClassVar[str] = "conflict.html"
    frame: Frame
    came: tuple[tuple[str, str, str], ...]
    written: tuple[tuple[str, str], ...]
    href: str
    action: str
    form: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class House:
    """What all visits share."""

    application: Application
    directory: Directory
    settings: Settings


@cache
def environment() -> Environment:
    """The templates; a name that a view model lacks is an error."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["SAMPLE_TYPES"] = sample_types()
    return made


def render(model: Any, say: Words) -> str:
    """A page drawn: its template knows the model's fields, and `say` for words."""
    context = {each.name: getattr(model, each.name) for each in fields(model)}

    def speak(code: str, **values: Any) -> str:
        return say.say(code, values)

    return environment().get_template(model.template).render(context, say=speak)


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of somebody who is logged in; `form` is empty for a look."""

    house: House
    request: Request
    session: Session
    say: Words
    form: FormData

    @property
    def application(self) -> Application:
        """The edge."""
        return self.house.application

    @property
    def actor(self) -> Actor:
        """Who visits."""
        return self.session.actor

    @property
    def language(self) -> Language:
        """The language of this person."""
        return self.say.language

    def told(self, name: str) -> str:
        """A field of the form or the address, without the blanks around it; empty if it isn't there."""
        value = self.form.get(name) if self.form else self.request.query_params.get(name)
        return value.strip() if isinstance(value, str) else ""

    def whole(self, name: str) -> int | None:
        """A field that is a whole number, of no more digits than a row can have."""
        value = self.told(name)
        return int(value) if value.isdecimal() and len(value) <= 9 else None

    def may(self, action: str) -> bool:
        """Whether this person's role has the action at all; it decides what the menu shows."""
        return self.application.access.may_ever(self.actor, action) is None

    def frame(self, title: str, place: str) -> Frame:
        """The frame of a page; `place` is the item of the menu that it belongs to."""
        return frame(self.house, self.request, self.say, title, place, self.session)

    def page(
        self, model: Any, subjects: Iterable[str], what: str, *, action: str = "view", status: int = 200
    ) -> Response:
        """A page that shows patients' data: the access is written down, then the page is drawn."""
        told = tuple(dict.fromkeys(each for each in subjects if each))
        if told:
            self.application.log_access(self.actor, action, what, told, "shown")
        return HTMLResponse(render(model, self.say), status)

    def typed(self) -> dict[str, str]:
        """What was typed into the form."""
        return {name: value for name, value in self.form.items() if isinstance(value, str)}

    def command_id(self) -> UUID:
        """The id of the form's command: sent twice, it is done once."""
        try:
            return UUID(self.told("command"))
        except ValueError:
            return self.application.ids()

    def give(
        self,
        make: Callable[[Mapping[str, Any]], Command],
        href: str,
        again: Callable[[str], Response] | None = None,
    ) -> tuple[Fact[Any], ...] | Response:
        """Give the form's command: the facts, or the page that says why there are none.

        `make` gets the command's id and the version that was seen; `again` draws the form anew with the
        words of a refusal, what was typed still in it.
        """
        found = self.whole("seen")
        seen = {} if found is None else {"seen": found}
        command = make({"id": self.command_id(), **seen})
        outcome = self.application.handle(command, self.actor)
        if isinstance(outcome, Conflict):
            return self.conflict(outcome, href)
        if isinstance(outcome, Refusal):
            if outcome.code == "not-yours" and self.sees(getattr(command, "number", "")):
                return self.message(
                    "web.moved-on", "web.moved-on-text", href, status=409, action="web.look-again"
                )
            if again is None or outcome.rule.startswith("access/"):
                return self.refused(outcome, href, href.partition("?")[0].strip("/"))
            return again(self.refusal_words(outcome))
        return outcome

    def sees(self, number: str) -> bool:
        """Whether this person may see a requisition: then it is its state that says no to an action."""
        look = self.application.look(self.actor, "show-requisition", f"requisition-{number}")
        return not isinstance(look, Refusal)

    def done(self, href: str, code: str, **values: Any) -> Response:
        """Something was done: on to a page, which says so."""
        self.session.notice = self.say.say(code, values)
        return RedirectResponse(href, 303)

    def refused(self, outcome: Refusal, href: str, what: str) -> Response:
        """A no, in the words of the rule; a stranger learns no more than of what isn't there."""
        if outcome.rule.startswith("access/"):
            self.application.log_access(self.actor, outcome.rule, what, (), "refused")
            return self.message("web.forbidden", "web.forbidden-text", href, status=403)
        return self.message(
            "web.refused", "web.refused-text", href, status=422, detail=self.refusal_words(outcome)
        )

    def refusal_words(self, outcome: Refusal) -> str:
        """A refusal in the reader's words; its own sentence where the catalogue has none."""
        code = f"refusal.{outcome.code}"
        if code not in self.say.sentences:
            return outcome.message
        return self.say.say(code, {"found": outcome.found, "accepted": outcome.accepted})

    def message(
        self,
        heading: str,
        sentence: str,
        href: str,
        *,
        status: int,
        detail: str | None = None,
        action: str = "web.back",
    ) -> Response:
        """A page with one sentence and one thing to do."""
        model = MessagePage(
            self.frame(self.say.say(heading), ""),
            self.say.say(heading),
            self.say.say(sentence),
            detail,
            href,
            self.say.say(action),
            written_in(self.say, self.form),
        )
        return HTMLResponse(render(model, self.say), status)

    def conflict(self, outcome: Conflict, href: str) -> Response:
        """What came since, beside what this person wrote; nothing typed is lost."""
        came = tuple(
            (self.person(fact.actor.person), self.say.day(fact.recorded), fact_line(self, fact, whole=True))
            for fact in outcome.since
        )
        model = ConflictPage(
            self.frame(self.say.say("web.conflict"), ""),
            came=came,
            written=written_in(self.say, self.form),
            href=href,
            action=self.request.url.path,
            form=self._again(outcome),
        )
        return HTMLResponse(render(model, self.say), 409)

    def _again(self, outcome: Conflict) -> tuple[tuple[str, str], ...]:
        """The form as it was sent, for the version that was found, as a command of its own."""
        typed = self.typed()
        answers_for_content = self.request.url.path.endswith(_OF_WHAT_WAS_SEEN)
        if answers_for_content or len(typed) < len(self.form.keys()):
            return ()
        now = {"seen": str(outcome.found), "command": str(self.application.ids())}
        return tuple((typed | now).items())

    def person(self, identifier: str) -> str:
        """A person's name."""
        found = self.house.directory.person(identifier)
        return found.name if found else identifier

    def organisation(self, identifier: str) -> str:
        """An organisation's short name."""
        found = self.house.directory.organisation(identifier)
        return found.short_name if found else identifier


#: Fields of which a person chooses the value: the group of the words for it.
_CHOICES = {
    "verdict": "verdict",
    "oncogenicity": "class",
    "what": "repeat",
    "step": "way",
    "sex": "sex",
    "sample_type": "specimen",
}
#: What carries a form and isn't written by a person.
_CARRIED = frozenset({"csrf", "command", "seen", "key", "list", "report", "content_hash"})


def written_in(say: Words, form: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """What a person wrote or chose in a form, by the field's word; empty where it was nothing."""
    return tuple(
        (say.term("field", name), say.term(_CHOICES.get(name, ""), value))
        for name, value in form.items()
        if isinstance(value, str) and value.strip() and name not in _CARRIED
    )


def frame(
    house: House, request: Request, say: Words, title: str, place: str, session: Session | None
) -> Frame:
    """The frame of a page; without a session it has no menu. A notice is shown once."""
    other = Language.EN if say.language is Language.NB else Language.NB
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    notice = None
    if session is not None:
        notice, session.notice = session.notice, None
    return Frame(
        title=title,
        language=say.language.value,
        other_language=other.value,
        here=here if request.method == "GET" else "/",
        who=_who(house, session, say),
        csrf=session.csrf if session else "",
        nav=_nav(house, session, say, place),
        notice=notice,
        demo=house.settings.demo,
    )


def _who(house: House, session: Session | None, say: Words) -> str:
    if session is None:
        return ""
    person = house.directory.person(session.actor.person)
    organisation = house.directory.organisation(session.actor.organisation)
    name = person.name if person else session.actor.person
    at = organisation.short_name if organisation else session.actor.organisation
    return f"{name}, {say.say(f'role.{session.actor.role}')}, {at}"


#: The menu: address, word, and the action that one's role must have.
_PLACES = (
    ("/requisitions", "web.nav-requisitions", "show-requisition"),
    ("/reports", "web.nav-reports", "show-report"),
    ("/options", "web.nav-options", "show-report"),
    ("/memory", "web.nav-memory", "show-memory"),
    ("/accesses", "web.nav-accesses", "show-accesses"),
)


def _nav(house: House, session: Session | None, say: Words, place: str) -> tuple[NavItem, ...]:
    if session is None:
        return ()
    access = house.application.access
    return tuple(
        NavItem(href, say.say(word), href == place)
        for href, word, action in _PLACES
        if access.may_ever(session.actor, action) is None
    )


def home_of(house: House, actor: Actor) -> str:
    """The first page of a role."""
    access = house.application.access
    places = (href for href, _, action in _PLACES if access.may_ever(actor, action) is None)
    return next(places, "/account")


def language_of(request: Request) -> Language:
    """The language that a person chose, else the one that the browser asks for, else Norwegian."""
    chosen = request.cookies.get(LANGUAGE_COOKIE) or request.headers.get("accept-language", "")[:2]
    return Language.EN if chosen == "en" else Language.NB


def words_of(request: Request) -> Words:
    """The words of a request."""
    return words(language_of(request))
