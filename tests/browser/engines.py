"""Firefox and WebKit from the system, as little of them as a test needs: open a page, run a script in it.

Playwright drives these two as builds of its own only; the stock browsers are asked in their own protocols.
"""

import json
import os
import shutil
import subprocess
import time
from contextlib import contextmanager

import pytest
from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.common.bidi.browsing_context import BrowsingContext
from selenium.webdriver.common.bidi.script import Script
from selenium.webdriver.common.bidi.session import Session
from selenium.webdriver.remote.websocket_connection import WebSocketConnection
from selenium.webdriver.webkitgtk.service import Service

PATIENCE, POLL = 100, 0.005  # s
COMPLETE = """async () => {
    while (document.readyState !== "complete") await new Promise((resolve) => setTimeout(resolve, 5));
}"""


def program(package, *names):
    """The path of a program; without it the test is skipped, and fails in continuous integration."""
    for name in names:
        if path := shutil.which(name):
            return path
    message = f"No {names[0]} found: on Debian, `apt-get install {package}` brings it."
    if os.environ.get("CI"):
        pytest.fail(message, pytrace=False)
    return pytest.skip(message)


@contextmanager
def running(*command, **options):
    with subprocess.Popen(command, **options) as process:
        try:
            yield process
        finally:
            process.terminate()


class Lost(Exception):
    """The process of a page has died, and its session with it."""


class Page:
    """A page of a browser. A script is a JavaScript function, its arguments and its answer are JSON."""

    def ask(self, function, *arguments):
        call = f"(async () => JSON.stringify(await ({function})(...{json.dumps(arguments)}) ?? null))()"
        return json.loads(self.text(call))


class Firefox(Page):
    """Through WebDriver BiDi, which Firefox speaks without a driver."""

    def __init__(self, connection):
        self.contexts, self.script = BrowsingContext(connection), Script(connection)
        self.context = self.contexts.get_tree()[0].context

    @classmethod
    @contextmanager
    def start(cls, folder):
        command = program("firefox-esr", "firefox", "firefox-esr"), "--headless", "--profile", str(folder)
        address = folder / "WebDriverBiDiServer.json"  # Firefox writes it when it listens
        silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        with running(*command, "--no-remote", "--remote-debugging-port", "0", **silent):
            end = time.monotonic() + PATIENCE
            while not (address.is_file() and address.read_text()):
                assert time.monotonic() < end, "Firefox does not listen"
                time.sleep(POLL)
            server = json.loads(address.read_text())
            url = f"ws://{server['ws_host']}:{server['ws_port']}/session"
            connection = WebSocketConnection(url, PATIENCE, POLL)
            Session(connection).new({})
            yield cls(connection)
        connection.close()  # afterwards: Firefox would take ten seconds to say goodbye

    def open(self, url):
        self.contexts.navigate(self.context, url, wait="complete")
        self.ask(COMPLETE)  # of a page from a service worker it says so while the scripts still come

    def text(self, expression):
        return self.script.execute(f"() => {expression}", context_id=self.context)["value"]


class WebKit(Page):
    """WebKitGTK, the relative of Safari, through its WebDriver on a screen of its own."""

    def __init__(self, driver):
        self.driver = driver

    @classmethod
    @contextmanager
    def start(cls, folder):
        driver = program("webkit2gtk-driver", "WebKitWebDriver")
        with running(program("xvfb", "Xvfb"), "-displayfd", "1", stdout=subprocess.PIPE, text=True) as screen:
            environment = os.environ | {"DISPLAY": f":{screen.stdout.readline().strip()}"}
            browser = webdriver.WebKitGTK(service=Service(driver, env=environment))
            browser.set_script_timeout(PATIENCE)
            try:
                yield cls(browser)
            finally:
                browser.quit()

    def open(self, url):
        self.driver.get(url)

    def text(self, expression):
        try:
            return self.driver.execute_script(f"return {expression}")
        except WebDriverException as error:
            if error.msg == "Could not parse script result":  # what its driver says then, and only then
                raise Lost("WebKit's process of this page has died") from error
            raise


ENGINES = {"firefox": Firefox, "webkit": WebKit}

# In a page: what goes wrong is noted, `until` waits, `retype` puts a line in place of the code in an editor.
HANDS = """
    window.faults = [];
    addEventListener("securitypolicyviolation", (event) => faults.push(`refused ${event.blockedURI}`));
    addEventListener("error", (event) => faults.push(event.message));
    addEventListener("unhandledrejection", (event) => faults.push(String(event.reason)));
    window.until = async (holds) => {
        for (const end = Date.now() + 90_000; !holds(); ) {
            if (Date.now() > end) throw new Error(`waited in vain for ${holds}`);
            await new Promise((resolve) => setTimeout(resolve, 20));
        }
    };
    window.retype = async (part, line) => {
        await until(() => part.querySelector(".cm-content"));
        const code = part.querySelector(".cm-content");
        code.focus();
        code.dispatchEvent(new KeyboardEvent("keydown", { key: "a", ctrlKey: true, bubbles: true }));
        code.dispatchEvent(new KeyboardEvent("keydown", { key: "Backspace", keyCode: 8, bubbles: true }));
        await until(() => code.textContent === "");
        document.execCommand("insertText", false, line);
        await until(() => code.textContent === line);
        return code.textContent;
    };
"""
