"""Formulas are set while the book is built, by a server that has an address before it listens."""

import sys

import formulas
import pytest

SERVER = """
import socket, sys, time
server = socket.socket(socket.AF_UNIX)
server.bind(sys.argv[1])
time.sleep(float(sys.argv[2]))
server.listen()
server.accept()[0].recv(1)
"""


@pytest.fixture
def start(monkeypatch, tmp_path):
    """Start a server that listens after so many seconds."""

    def start(late, timeout):
        command = classmethod(lambda cls, socket: [sys.executable, "-c", SERVER, str(socket), str(late)])
        monkeypatch.setattr(formulas.katex.KaTeXServer, "build_command", command)
        return formulas.katex.KaTeXServer.start_server_process(tmp_path, timeout)

    return start


def test_a_server_that_does_not_listen_yet_is_waited_for(start):
    process, line = start(late=0.3, timeout=20.0)
    line.close()
    process.communicate(timeout=20)
    assert process.returncode == 0


def test_a_server_that_never_listens_is_an_error(start):
    with pytest.raises(formulas.katex.KaTeXError, match=r"0\.5"):
        start(late=60, timeout=0.5)
