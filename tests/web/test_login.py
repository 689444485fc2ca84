"""The login by an identity provider, the whole way, as a browser goes it between two servers."""

from __future__ import annotations

import html
import re
import ssl
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from starlette.responses import JSONResponse, PlainTextResponse, Response
from tests.keys import keys
from tests.web.identity import CLIENT, SECRET, Identity, Stage, key, served

from presis.application import Application, all_rooms, now, open_application
from presis.governance import load_directory
from presis.record.store import initialise
from presis.web.app import make_app
from presis.web.provider import unnamed
from presis.web.settings import Oidc, Settings

WANTED = "/requisitions?all=1&sort=number"
PUBLIC = "https://presis.example.org"
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
NILS = ["nils.lab/molecular_pathologist", "nils.lab/laboratory_manager"]


people = cache(load_directory)


class House:
    """Presis and the provider, each at its own server."""

    def __init__(self, application: Application, presis: Stage, identity: Identity) -> None:
        self.application, self.presis, self.identity = application, presis, identity
        self.ahead = timedelta()
        application.clock = lambda: datetime.now(UTC) + self.ahead  # noqa: TID251 - moved by a test
        self.open()

    def open(self, public: str = "", **changed: Any) -> None:
        """Presis anew, with other settings."""
        told = {"issuer": self.identity.issuer, "client_id": CLIENT, "client_secret": SECRET} | changed
        settings = Settings(oidc=Oidc(**told), public=public, secure=public.startswith("https"))
        self.presis.app = make_app(self.application, people(), settings)
        home = public or self.presis.address
        self.identity.backs, self.identity.homes = [f"{home}/login/callback"], [f"{home}/login"]

    def browser(self, **told: Any) -> Browser:
        return Browser(self.presis.address, **told)


class Browser(httpx.Client):
    """A person's browser: keeps cookies and follows where it is sent."""

    def __init__(self, address: str, **told: Any) -> None:
        english = {"accept-language": "en"}
        super().__init__(base_url=address, follow_redirects=True, trust_env=False, headers=english, **told)

    def login(self, wanted: str = WANTED) -> httpx.Response:
        """From a page that asks for a login, by its links, to where one lands."""
        page = self.get(wanted)
        assert page.url.path == "/login"
        way = re.search(r'href="(/login/provider[^"]*)"', page.text)
        assert way
        return self.get(html.unescape(way[1]))

    def callback(self) -> str:
        """The address with which the provider sends a browser back, not yet opened."""
        at_provider = self.get("/login/provider", follow_redirects=False).headers["location"]
        return str(self.get(at_provider, follow_redirects=False).headers["location"])

    def fill(self, page: httpx.Response, action: str, **told: str) -> httpx.Response:
        found = re.search(rf'<form[^>]*action="{action}"[^>]*>(.*?)</form>', page.text, re.DOTALL)
        assert found, f"no form to {action}"
        hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', found[1])
        return self.post(action, data={name: html.unescape(value) for name, value in hidden} | told)

    @property
    def token(self) -> str | None:
        return self.cookies.get("presis")

    def is_in(self) -> bool:
        return self.get("/account").url.path == "/account"


@pytest.fixture(scope="module")
def application(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    url = f"sqlite:///{tmp_path_factory.mktemp('record') / 'presis.db'}"
    initialise(url, all_rooms(), now)
    opened = open_application(url, keys=keys)
    yield opened
    opened.record.database.close()


@pytest.fixture(scope="module")
def stages() -> Iterator[tuple[Stage, Stage]]:
    with served() as presis, served() as provider:
        yield presis, provider


@pytest.fixture
def house(
    application: Application,
    stages: tuple[Stage, Stage],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[House]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    # there is no TLS here, and reading its certificates for each client takes the longest of all
    monkeypatch.setattr("ssl.create_default_context", lambda **_told: NO_TLS)
    presis, provider = stages
    identity = Identity(provider.address)
    provider.app = identity.app
    clock = application.clock
    yield House(application, presis, identity)
    application.clock = clock


def told_no(browser: Browser, answer: httpx.Response, status: int, words: str) -> None:
    """One clear page, nothing of the inside, and nobody is in."""
    assert answer.status_code == status
    assert answer.text.count("<h1>") == 1
    assert words in html.unescape(answer.text)
    assert 'href="/login?to=' in answer.text
    assert "Traceback" not in answer.text
    assert "<b>" not in answer.text
    assert browser.token is None
    assert not browser.is_in()


REFUSED, AWAY = "didn't let you in", "didn't answer as it should"


# -- who comes in -------------------------------------------------------------------------------


def test_a_person_comes_in_and_lands_where_they_wanted_to_go(house: House) -> None:
    with house.browser() as browser:
        page = browser.login()
        assert page.status_code == 200
        assert page.url == f"{house.presis.address}{WANTED}"
        assert "Kari Solbakken" in page.text
        assert browser.cookies.get("presis_login") is None, "it has done its work"


def test_a_part_of_a_page_leads_to_a_login_that_comes_back_to_the_whole_page(house: House) -> None:
    with house.browser() as browser:
        told = {"hx-request": "true", "hx-current-url": f"{house.presis.address}{WANTED}"}
        answer = browser.get("/requisitions/Q-2026-0001/finding?f=sv%3A0", headers=told)
        assert answer.status_code == 401
        assert browser.get(answer.headers["hx-redirect"]).status_code == 200
        assert parse_qs(urlsplit(answer.headers["hx-redirect"]).query)["to"] == [WANTED]


def test_who_has_several_posts_chooses_one_and_still_gets_there(house: House) -> None:
    house.identity.who = "nils.lab"
    with house.browser() as browser:
        page = browser.login()
        assert page.url.path == "/account"
        assert re.findall(r'name="user" value="([^"]+)"', page.text) == NILS
        before = browser.token
        there = browser.fill(page, "/account/post", user=NILS[1])
        assert there.url == f"{house.presis.address}{WANTED}"
        assert "Nils Tveit, laboratory manager" in there.text
        assert browser.token != before


def test_nobody_chooses_another_persons_post(house: House) -> None:
    house.identity.who = "nils.lab"
    with house.browser() as browser:
        page = browser.fill(browser.login(), "/account/post", user="kari.lab/molecular_pathologist")
        assert page.url.path == "/account"
        assert "Nils Tveit" in page.text


@pytest.mark.parametrize("who", ["stranger", "", "KARI.LAB", "kari.lab "])
def test_whom_the_programme_does_not_know_is_told_so(house: House, who: str) -> None:
    house.identity.who = who
    with house.browser() as browser:
        told_no(browser, browser.login(), 403, "you have no post in this programme")


def test_the_log_names_nobody_whom_the_programme_does_not_know(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    codes = []
    for who in ("stranger@example.org", "stranger@example.org", "01815812345"):
        house.identity.who = who
        caplog.clear()
        with house.browser() as browser:
            page = html.unescape(browser.login().text)
        told = re.search(r"The code of this login in the server's log: ([0-9a-f]{12})\.", page)
        assert told
        assert f"the id behind the code {told[1]}" in caplog.text
        assert who not in caplog.text
        assert who not in page
        codes.append(told[1])
    assert codes[0] == codes[1] != codes[2]


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("invalid_client: no such client", "invalid_client: no such client"),
        ("denied: 'kari@example.org' isn't assigned, AADSTS50105", "denied: '…' isn't assigned, AADSTS50105"),
        ("denied: 01815812345", "denied: …"),
    ],
)
def test_a_providers_words_are_logged_without_whom_they_name(words: str, kept: str) -> None:
    assert unnamed(words) == kept


def test_another_claim_may_hold_the_persons_id(house: House) -> None:
    house.open(claim="preferred_username")
    house.identity.who = "a-number"
    with house.browser() as browser:
        told_no(browser, browser.login(), 403, "you have no post in this programme")
        house.identity.claims = lambda claims: claims.update(preferred_username="kari.lab")
        assert "Kari Solbakken" in browser.login().text


@pytest.mark.parametrize(
    "to", ["//evil.example", "https://evil.example", "/\\evil.example", "/" + "x" * 5000]
)
def test_no_address_leads_away_from_here(house: House, to: str) -> None:
    with house.browser() as browser:
        page = browser.get("/login/provider", params={"to": to})
        assert page.url == f"{house.presis.address}/requisitions"


# -- what doesn't hold --------------------------------------------------------------------------


def unsigned(identity: Identity) -> None:
    identity.algorithm = "none"


def by_the_clients_secret(identity: Identity) -> None:
    identity.algorithm = "HS256"


def by_a_strangers_key(identity: Identity) -> None:
    identity.signer = key("stranger")


def by_a_strangers_key_under_our_name(identity: Identity) -> None:
    identity.published = [type(key("first")).import_key(key("stranger").as_dict() | {"kid": "first"})]


def with_claims(**told: Any) -> Callable[[Identity], None]:
    def spoil(identity: Identity) -> None:
        def change(claims: dict[str, Any]) -> None:
            claims |= told
            for name in [name for name, value in claims.items() if value is None]:
                del claims[name]

        identity.claims = change

    return spoil


SPOILED = {
    "another nonce": with_claims(nonce="another"),
    "no nonce": with_claims(nonce=None),
    "expired": with_claims(exp=1_700_000_000),
    "from the future": with_claims(iat=4_000_000_000, exp=4_000_000_300),
    "not yet": with_claims(nbf=4_000_000_000),
    "no end": with_claims(exp=None),
    "another audience": with_claims(aud="another"),
    "another audience, our azp": with_claims(aud="another", azp=CLIENT),
    "our audience, another azp": with_claims(aud=[CLIENT, "another"], azp="another"),
    "no audience": with_claims(aud=None),
    "another issuer": with_claims(iss="https://another.example"),
    "no issuer": with_claims(iss=None),
    "no subject": with_claims(sub=None),
    "unsigned": unsigned,
    "signed with the client's secret": by_the_clients_secret,
    "signed by another key": by_a_strangers_key,
    "signed by another key of the same name": by_a_strangers_key_under_our_name,
}


@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")  # as it is when served
@pytest.mark.parametrize("spoil", SPOILED.values(), ids=SPOILED)
def test_an_id_token_holds_in_every_part_or_nobody_comes_in(
    house: House, spoil: Callable[[Identity], None]
) -> None:
    spoil(house.identity)
    with house.browser() as browser:
        told_no(browser, browser.login(), 403, REFUSED)
        house.identity.fresh()
        house.open()
        assert "Kari Solbakken" in browser.login().text


ANSWERS: dict[str, tuple[Callable[[], Response], int]] = {
    "no ID token": (lambda: JSONResponse({"access_token": "x", "token_type": "Bearer"}), 403),
    "nonsense for an ID token": (lambda: JSONResponse({"access_token": "x", "id_token": "a.b.c"}), 403),
    "a number for an ID token": (lambda: JSONResponse({"access_token": "x", "id_token": 7}), 403),
    "an error": (lambda: JSONResponse({"error": "invalid_grant"}, 400), 403),
    "an error of its own": (lambda: PlainTextResponse("Traceback: secrets", 500), 503),
    "a page": (lambda: PlainTextResponse("<h1><b>Hello</b></h1>"), 503),
    "nothing": (Response, 503),
    "no bytes of any text": (lambda: Response(b"\xff\xfe\x00"), 503),
    "a list": (lambda: JSONResponse([1]), 503),
    "null": (lambda: JSONResponse(None), 503),
}


@pytest.mark.parametrize(("answer", "status"), ANSWERS.values(), ids=ANSWERS)
def test_a_token_endpoint_that_answers_otherwise_lets_nobody_in(
    house: House, answer: Callable[[], Response], status: int
) -> None:
    house.identity.instead["/token"] = answer
    with house.browser() as browser:
        told_no(browser, browser.login(), status, AWAY if status == 503 else REFUSED)


def test_a_provider_that_refuses_is_believed_and_not_quoted(house: House) -> None:
    house.identity.refusal = "access_denied"
    with house.browser() as browser:
        page = browser.login()
        told_no(browser, page, 403, REFUSED)
        again = re.search(r'href="(/login\?to=[^"]*)"', page.text)
        assert again
        house.identity.refusal = ""
        browser.get(html.unescape(again[1]))
        assert browser.login(html.unescape(again[1])).url == f"{house.presis.address}{WANTED}"


def test_a_wrong_secret_lets_nobody_in_and_the_log_says_why(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    house.open(client_secret="guessed")  # noqa: S106 - the wrong one
    with house.browser() as browser:
        told_no(browser, browser.login(), 403, REFUSED)
    assert "invalid_client" in caplog.text
    assert "guessed" not in caplog.text


# -- a provider that is down, or comes back changed -----------------------------------------------

BROKEN: dict[str, Callable[[], Response]] = {
    "an error": lambda: PlainTextResponse("no", 500),
    "a page": lambda: PlainTextResponse("<h1>Hello</h1>"),
    "a list": lambda: JSONResponse([1]),
    "another's": lambda: JSONResponse({"issuer": "https://another.example"}),
    "nothing in it": lambda: JSONResponse({}),
}


@pytest.mark.parametrize("answer", BROKEN.values(), ids=BROKEN)
def test_a_provider_whose_discovery_fails_is_away_until_it_is_back(
    house: House, answer: Callable[[], Response]
) -> None:
    house.identity.instead["/.well-known/openid-configuration"] = answer
    with house.browser() as browser:
        told_no(browser, browser.login(), 503, AWAY)
        told_no(browser, browser.get("/login/callback?code=a&state=b"), 503, AWAY)
        house.identity.instead.clear()
        assert "Kari Solbakken" in browser.login().text


def test_a_provider_without_an_address_for_logins_is_away(house: House) -> None:
    house.identity.metadata = {"authorization_endpoint": None}
    with house.browser() as browser:
        told_no(browser, browser.login(), 503, AWAY)


def test_a_provider_that_nobody_reaches_is_away(house: House) -> None:
    with served() as gone:
        pass
    house.open(issuer=gone.address)
    with house.browser() as browser:
        told_no(browser, browser.login(), 503, AWAY)


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (lambda: PlainTextResponse("no", 500), 503),
        (lambda: JSONResponse("keys"), 403),
        (lambda: JSONResponse({"keys": []}), 403),
    ],
)
def test_keys_that_cannot_be_had_let_nobody_in_and_are_asked_for_again(
    house: House, answer: Callable[[], Response], status: int
) -> None:
    house.identity.instead["/keys"] = answer
    with house.browser() as browser:
        told_no(browser, browser.login(), status, AWAY if status == 503 else REFUSED)
        house.identity.instead.clear()
        assert "Kari Solbakken" in browser.login().text


def test_the_provider_is_asked_for_its_addresses_once_and_again_after_an_hour(house: House) -> None:
    discovery = "/.well-known/openid-configuration"
    for times in (1, 1, 2):
        house.ahead += timedelta(minutes=40)
        with house.browser() as browser:
            assert "Kari Solbakken" in browser.login().text
        assert house.identity.asked.count(discovery) == house.identity.asked.count("/keys") == times


def test_a_new_key_is_taken_at_once_and_a_withdrawn_one_is_forgotten(house: House) -> None:
    with house.browser() as browser:
        browser.login()
    house.identity.published = [key("second")]
    house.identity.signer = key("second")
    with house.browser() as browser:
        assert "Kari Solbakken" in browser.login().text
    house.identity.signer = key("first")
    with house.browser() as browser:
        told_no(browser, browser.login(), 403, REFUSED)


# -- one login, one browser -----------------------------------------------------------------------


def test_a_state_that_is_not_this_browsers_lets_nobody_in(house: House) -> None:
    with house.browser() as browser, house.browser() as other:
        callback = browser.callback()
        told_no(other, other.get(callback), 403, REFUSED)
        theirs = other.callback()
        told_no(other, other.get(callback), 403, REFUSED)
        state = parse_qs(urlsplit(callback).query)["state"][0]
        swapped = theirs.replace(parse_qs(urlsplit(theirs).query)["state"][0], state)
        told_no(other, other.get(swapped), 403, REFUSED)
        told_no(other, other.get(theirs.partition("&state=")[0]), 403, REFUSED)
        assert browser.get(callback).status_code == 200, "whose login it was comes in"


def test_a_code_of_another_login_lets_nobody_in(house: House) -> None:
    """As when somebody makes a browser finish the login that they began."""
    with house.browser() as browser, house.browser() as other:
        mine, theirs = (urlsplit(each.callback()) for each in (browser, other))
        code, state = parse_qs(theirs.query)["code"][0], parse_qs(mine.query)["state"][0]
        answer = browser.get("/login/callback", params={"code": code, "state": state})
        told_no(browser, answer, 403, REFUSED)


@pytest.mark.parametrize(
    "query", ["", "?code=a", "?state=b", "?code=a&state=b", "?error=server_error", "?error="]
)
def test_a_callback_that_nobody_began_lets_nobody_in(house: House, query: str) -> None:
    with house.browser() as browser:
        told_no(browser, browser.get(f"/login/callback{query}"), 403, REFUSED)


def test_a_callback_works_once_even_with_the_cookie_that_it_had(house: House) -> None:
    with house.browser() as browser, house.browser() as thief:
        callback = browser.callback()
        thief.cookies.update(browser.cookies)
        assert browser.get(callback).status_code == 200
        first = browser.token
        again = browser.get(callback, follow_redirects=False)
        assert again.status_code == 403
        assert "set-cookie" not in again.headers
        assert browser.token == first
        told_no(thief, thief.get(callback), 403, REFUSED)


def test_the_token_is_a_new_one_at_each_login_and_the_old_one_ends(house: House) -> None:
    with house.browser() as browser, house.browser() as other:
        browser.cookies.set("presis", "laid-by-another", domain="127.0.0.1")
        other.cookies.set("presis", "laid-by-another", domain="127.0.0.1")
        browser.get(browser.callback())
        first = browser.token
        assert first
        assert first != "laid-by-another"
        assert not other.is_in()
        browser.get(browser.callback())
        assert browser.token != first
        assert browser.is_in()
        other.cookies.set("presis", first, domain="127.0.0.1")
        assert not other.is_in()


# -- how a login ends -----------------------------------------------------------------------------


def left(browser: Browser, page: httpx.Response) -> httpx.Response:
    """Log out as a browser does it: the form, then the page that goes on by itself."""
    answer = browser.fill(page, "/logout")
    way = answer.headers.get("refresh", "").partition("url=")[2]
    if not way:
        return answer
    assert answer.status_code == 200
    assert f'href="{html.escape(way)}"' in answer.text, "and by a link, where nothing goes on by itself"
    return browser.get(way)


def test_logging_out_ends_it_at_the_server_and_at_the_provider(house: House) -> None:
    with house.browser() as browser, house.browser() as other:
        page = browser.login()
        other.cookies.set("presis", str(browser.token), domain="127.0.0.1")
        assert other.is_in()
        end = left(browser, page)
        assert end.url.path == "/login"
        assert house.identity.ended == ["kari.lab"]
        assert browser.token is None
        assert not browser.is_in()
        assert not other.is_in()


def test_logging_out_after_another_post_still_names_the_login(house: House) -> None:
    house.identity.who = "nils.lab"
    with house.browser() as browser:
        page = browser.fill(browser.login(), "/account/post", user=NILS[1])
        left(browser, page)
        assert house.identity.ended == ["nils.lab"]


def test_logging_out_when_idleness_came_first_lets_the_provider_ask(house: House) -> None:
    with house.browser() as browser:
        page = browser.login()
        house.ahead += timedelta(minutes=21)
        assert left(browser, page).text == "Do you want to log out?"


@pytest.mark.parametrize("without", ["address", "answer"])
def test_a_provider_that_one_cannot_leave_keeps_nobody_in(house: House, without: str) -> None:
    if without == "address":
        house.identity.metadata = {"end_session_endpoint": None}
    with house.browser() as browser:
        page = browser.login()
        if without == "answer":
            house.identity.instead["/.well-known/openid-configuration"] = BROKEN["an error"]
            for _ in range(4):  # until its addresses are no longer believed
                house.ahead += timedelta(minutes=19)
                browser.is_in()
        token = browser.token
        assert left(browser, page).url.path == "/login"
        assert browser.token is None
        browser.cookies.set("presis", str(token), domain="127.0.0.1")
        assert not browser.is_in()


def test_a_form_of_another_site_logs_nobody_out_and_one_of_an_old_page_does(house: House) -> None:
    with house.browser() as browser:
        browser.login()
        for foreign in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}):
            browser.post("/logout", headers=foreign)
            assert browser.is_in()
        browser.post("/logout", data={"csrf": "of an old page"})
        assert not browser.is_in()


def test_idleness_ends_a_login(house: House) -> None:
    with house.browser() as browser:
        browser.login()
        house.ahead += timedelta(minutes=19)
        assert browser.is_in()
        house.ahead += timedelta(minutes=19)
        assert browser.is_in()
        house.ahead += timedelta(minutes=20)
        assert not browser.is_in()


def test_the_longest_time_ends_a_login_whatever_is_done_in_it(house: House) -> None:
    house.identity.who = "nils.lab"
    with house.browser() as browser:
        page = browser.login()
        for _ in range(12 * 60 // 19):
            house.ahead += timedelta(minutes=19)
            page = browser.get("/account")
            browser.fill(page, "/account/post", user=NILS[1])
        assert browser.is_in()
        house.ahead += timedelta(minutes=19)
        assert not browser.is_in()


# -- behind a proxy that ends TLS -----------------------------------------------------------------


class Proxy(httpx.BaseTransport):
    """Ends TLS for the public address; it passes on neither the host's name nor the scheme."""

    def __init__(self, behind: str) -> None:
        self.behind, self.inner = httpx.URL(behind), httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if not str(request.url).startswith(PUBLIC):
            return self.inner.handle_request(request)
        url = request.url.copy_with(scheme="http", host=self.behind.host, port=self.behind.port)
        headers = request.headers.copy()
        headers["host"] = url.netloc.decode()
        passed = httpx.Request(request.method, url, headers=headers, stream=request.stream)
        return self.inner.handle_request(passed)

    def close(self) -> None:
        self.inner.close()


def test_behind_a_proxy_the_public_address_holds_all_the_way(house: House) -> None:
    house.open(PUBLIC)
    with Browser(PUBLIC, transport=Proxy(house.presis.address)) as browser:
        page = browser.login()
        assert page.url == f"{PUBLIC}{WANTED}"
        browser.headers["origin"] = PUBLIC
        assert "Rekvisisjoner" in browser.fill(page, "/language", language="nb").text
        assert left(browser, page).url.path == "/login"
        assert house.identity.ended == ["kari.lab"]


def test_what_a_request_says_of_its_host_is_not_believed(house: House) -> None:
    house.open(PUBLIC)
    evil = {"host": "evil.example", "x-forwarded-host": "evil.example", "x-forwarded-proto": "http"}
    with house.browser() as browser:
        way = browser.get("/login/provider", headers=evil, follow_redirects=False).headers["location"]
        assert parse_qs(urlsplit(way).query)["redirect_uri"] == [f"{PUBLIC}/login/callback"]


def test_every_cookie_is_for_the_server_alone_and_over_tls(house: House) -> None:
    house.identity.who = "nils.lab"
    house.open(PUBLIC)
    answers: list[httpx.Response] = []
    hooks: Any = {"response": [answers.append]}
    with Browser(PUBLIC, transport=Proxy(house.presis.address), event_hooks=hooks) as browser:
        page = browser.login()
        page = browser.fill(page, "/account/post", user=NILS[1])
        browser.fill(page, "/language", language="nb")
        browser.fill(page, "/logout")
    set_cookies = [each for answer in answers for each in answer.headers.get_list("set-cookie")]
    names = {each.partition("=")[0] for each in set_cookies}
    assert names == {"presis", "presis_login", "presis_language"}
    for each in set_cookies:
        if 'presis="";' in each:
            continue  # the one that takes it away
        parts = {part.strip().lower() for part in each.split(";")}
        assert {"httponly", "samesite=lax", "secure"} <= parts, each


# -- presis serve ---------------------------------------------------------------------------------


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch, house: House, tmp_path: Path) -> dict[str, str]:
    from presis.cli.main import run

    key_file, record = tmp_path / "key" / "master.key", tmp_path / "record" / "presis.db"
    key_file.parent.mkdir()
    record.parent.mkdir()
    assert run(["keys", "make", str(key_file)]) == 0
    assert run(["record", "init", "--record", str(record)]) == 0
    return {
        "PRESIS_PUBLIC_URL": "https://Presis.example.org:443/",
        "PRESIS_OIDC_ISSUER": house.identity.issuer,
        "PRESIS_OIDC_CLIENT_ID": CLIENT,
        "PRESIS_OIDC_CLIENT_SECRET": SECRET,
        "PRESIS_KEYS": str(key_file),
        "PRESIS_RECORD": str(record),
        "WEB_CONCURRENCY": "4",
    }


def serve(monkeypatch: pytest.MonkeyPatch, told: dict[str, str], *options: str) -> tuple[int, dict[str, Any]]:
    from presis.cli.main import run

    given: dict[str, Any] = {}
    monkeypatch.setattr("uvicorn.run", lambda app, **options: given.update(options, app=app))
    for name in (
        "PUBLIC_URL",
        "OIDC_ISSUER",
        "OIDC_CLIENT_ID",
        "OIDC_CLIENT_SECRET",
        "OIDC_CLAIM",
        "LARGEST_UPLOAD",
    ):
        monkeypatch.delenv(f"PRESIS_{name}", raising=False)
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    return run(["serve", *options]), given


def test_serve_takes_its_settings_and_one_process(
    house: House, monkeypatch: pytest.MonkeyPatch, told: dict[str, str]
) -> None:
    code, given = serve(monkeypatch, told)
    assert code == 0
    assert (given["workers"], given["proxy_headers"], given["host"]) == (1, False, "127.0.0.1")
    house.identity.backs = [f"{PUBLIC}/login/callback"]
    house.presis.app = given["app"]
    with Browser(PUBLIC, transport=Proxy(house.presis.address)) as browser:
        assert "Kari Solbakken" in browser.login().text


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        (
            {"PRESIS_PUBLIC_URL": ""},
            "not set yet: PRESIS_PUBLIC_URL; set what is missing, or try `presis serve --demo`",
        ),
        ({"PRESIS_OIDC_CLIENT_SECRET": ""}, "not set yet: PRESIS_OIDC_CLIENT_SECRET"),
        ({"PRESIS_PUBLIC_URL": "http://presis.example.org"}, "give an address as https://HOST"),
        ({"PRESIS_PUBLIC_URL": "presis.example.org"}, "give an address as https://HOST"),
        ({"PRESIS_PUBLIC_URL": "https://a:b@presis.example.org"}, "give an address as https://HOST"),
        ({"PRESIS_PUBLIC_URL": "https://presis.example.org:x"}, "give an address as https://HOST"),
        ({"PRESIS_PUBLIC_URL": "https://example.org/presis"}, "leave out what comes after the host"),
        ({"PRESIS_OIDC_ISSUER": "http://idp.example.org"}, "give an address as https://HOST"),
        *(
            (
                {"PRESIS_LARGEST_UPLOAD": size},
                f"PRESIS_LARGEST_UPLOAD is {size!r}; give megabytes from 1 to 2048",
            )
            for size in ("0", "2049", "much", "-1", "²", "9" * 5000)
        ),
    ],
)
def test_serve_says_in_one_sentence_what_it_lacks(
    monkeypatch: pytest.MonkeyPatch,
    told: dict[str, str],
    capsys: pytest.CaptureFixture[str],
    changed: dict[str, str],
    sentence: str,
) -> None:
    capsys.readouterr()
    code, given = serve(monkeypatch, told | changed)
    said = capsys.readouterr()
    assert (code, given, said.out) == (2, {}, "")
    assert sentence in said.err
    assert said.err.count("\n") == 1
    assert SECRET not in said.err


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "presis.example.org", ""])  # noqa: S104 - refused
def test_the_demo_has_no_other_host_than_this_machine(
    monkeypatch: pytest.MonkeyPatch, told: dict[str, str], capsys: pytest.CaptureFixture[str], host: str
) -> None:
    code, given = serve(monkeypatch, told, "--demo", "--host", host)
    assert (code, given) == (2, {})
    assert "listens on this machine alone" in capsys.readouterr().err
