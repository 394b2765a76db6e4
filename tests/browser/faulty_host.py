"""A host whose answers a test can spoil: login pages, half files, files of another edition, silence."""

import threading
from contextlib import contextmanager
from functools import partial

import serve

LOGIN = b"<!doctype html><title>Sign in</title><h1>Sign in to the network</h1>"


class Host(serve.Handler):
    """Serves the site; `server.faults` is {end of a path: what happens}, `server.edition` {path: bytes}."""

    def do_GET(self):
        path = self.path.split("?")[0]
        new = self.server.edition.get(path.lstrip("/"))
        fault = next((fault for end, fault in self.server.faults.items() if path.endswith(end)), None)
        if fault:
            fault(self)
        elif new is not None:
            self.answer(new, self.guess_type(path))
        else:
            super().do_GET()

    def end_headers(self):
        if self.path.split("?")[0].endswith(".html"):
            self.send_header("Cache-Control", "no-store")  # a page without a network comes from nowhere else
        super().end_headers()

    def answer(self, content, kind, length=None):
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(length or len(content)))
        self.send_header("Cache-Control", "max-age=3600")  # the browser's own cache keeps it too
        self.end_headers()
        self.wfile.write(content)


def login(host):
    """The page of a network that wants to know its guest first."""
    host.answer(LOGIN, "text/html")


def half(host):
    with open(host.translate_path(host.path), "rb") as file:
        content = file.read()
    host.answer(content[: len(content) // 2], host.guess_type(host.path.split("?")[0]), len(content))


def former(host):
    """Something of the right kind, but of another edition."""
    host.answer(b"/* former */", host.guess_type(host.path.split("?")[0]))


def gone(host):
    host.connection.close()


@contextmanager
def hosted(site):
    server = serve.Server(("127.0.0.1", 0), partial(Host, directory=str(site)))
    server.url = f"http://127.0.0.1:{server.server_port}/"
    server.faults, server.edition = {}, {}
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()
