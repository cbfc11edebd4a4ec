"""Forks `sawt` again and again from one process that has imported it, so that tests need not wait for that each time.

Run as a script, with a socket that takes connections: each brings a command with its surroundings and its streams, and
is answered with the number of the process, and its exit code once there is one.
"""

import gc
import json
import os
import select
import socket
import sys
from typing import Any

STREAMS = (0, 1, 2)
_callers: dict[int, socket.socket] = {}


def calls(listener: socket.socket, tests: int) -> dict[str, Any]:
    """Fork for each call, until the tests close their end of a pipe; in the fork this returns, with the call."""
    while True:
        ready, _, _ = select.select([listener, tests], [], [], 0.01 if _callers else None)
        if tests in ready:
            os._exit(0)
        if listener in ready:
            caller, _address = listener.accept()
            message, streams = _received(caller)
            pid = os.fork()
            if pid == 0:
                _become(streams, [listener, caller, *_callers.values()])
                return dict(json.loads(message))
            for each in streams:
                os.close(each)
            caller.sendall(b"%d\n" % pid)
            _callers[pid] = caller
        _tell_exits()


def _received(caller: socket.socket) -> tuple[bytes, list[int]]:
    message, streams, _flags, _address = socket.recv_fds(caller, 100_000, len(STREAMS))
    while more := caller.recv(100_000):
        message += more
    return message, streams


def _become(streams: list[int], others: list[socket.socket]) -> None:
    for number, stream in zip(STREAMS, streams, strict=True):
        os.dup2(stream, number)
        os.close(stream)
    for other in others:
        other.close()


def _tell_exits() -> None:
    for pid in list(_callers):
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            with _callers.pop(pid) as caller:
                caller.sendall(b"%d\n" % os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    import bot.app
    import bot.channels.console
    import bot.channels.telegram_types  # as wires.py does, before aiogram
    import bot.channels.whatsapp
    import bot.cli
    import bot.commune_file
    import storage.loading

    del bot, storage
    gc.freeze()
    call = calls(socket.socket(fileno=int(sys.argv[1])), 0)
    os.environ.clear()
    os.environ.update(call["environment"])
    os.chdir(call["where"])
    sys.argv = ["sawt", *call["words"]]
    exec(call["code"], {"__name__": "__main__"})
