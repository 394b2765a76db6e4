"""Serve the built book on this computer: python book/site/tools/serve.py _build/html --port 8000."""

import argparse
import contextlib
import errno
import sys
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit


class Handler(SimpleHTTPRequestHandler):
    """Static files with the types that browsers insist on, without a line of log for each."""

    extensions_map = SimpleHTTPRequestHandler.extensions_map | {
        ".js": "text/javascript",
        ".mjs": "text/javascript",
        ".wasm": "application/wasm",
        ".whl": "application/zip",
        ".json": "application/json",
        ".svg": "image/svg+xml",
    }

    # A worker loaded from an address has no policy but the one in its own headers. It compiles WebAssembly
    # and runs scripts from bytes that it has checked.
    POLICY = "default-src 'none'; script-src 'self' blob: 'wasm-unsafe-eval'; connect-src 'self'"

    def end_headers(self):
        self.send_header("X-Content-Type-Options", "nosniff")
        if urlsplit(self.path).path.endswith("/_live/worker.js"):
            self.send_header("Content-Security-Policy", self.POLICY)
        super().end_headers()

    def send_error(self, code, message=None, explain=None):
        """Show the book's own page for an address that leads nowhere, as hosts of static sites do."""
        own = Path(self.directory) / "404.html"
        if code != 404 or not own.is_file():
            return super().send_error(code, message, explain)
        body = own.read_bytes()
        self.send_response(404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        return self.wfile.write(body if self.command != "HEAD" else b"")

    def log_message(self, *args):
        """Say nothing: requests are not news."""


class Server(ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        """Say nothing of readers who have left before their answer came."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def server(folder, port=0):
    """Return a server of `folder` on 127.0.0.1 at `port` or the next free one (0: any)."""
    handler = partial(Handler, directory=str(folder))
    for candidate in range(port, port + 100):
        try:
            return Server(("127.0.0.1", candidate), handler)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
    raise OSError(f"no free port between {port} and {port + 99}")


def main():
    parser = argparse.ArgumentParser(description="Serve the built book on this computer.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--port", type=int, default=8000)
    options = parser.parse_args()
    if not (options.folder / "index.html").is_file():
        sys.exit(f"There is no built book in {options.folder}: build it with `make book`.")
    with server(options.folder, options.port) as http, contextlib.suppress(KeyboardInterrupt):
        print(f"The book is at http://127.0.0.1:{http.server_port}/ (Ctrl-C ends)", flush=True)
        http.serve_forever()


if __name__ == "__main__":
    main()
