"""The log: one line an event, with the trace id of the message it belongs to; never an answer, a name or a token."""

import logging
import secrets
import sys
from contextlib import AbstractContextManager

# structlog would load all of rich, 5 MB, to draw tracebacks that this log never shows: to None, a module is not there.
_rich = sys.modules.pop("rich", None)
sys.modules["rich"] = None  # type: ignore[assignment]  # as the documentation of `import` says
try:
    import structlog
finally:
    del sys.modules["rich"]
    if _rich:
        sys.modules["rich"] = _rich

log: structlog.stdlib.BoundLogger = structlog.get_logger("sawt")


def traced() -> AbstractContextManager[object]:
    """All that is logged within has one trace id, a new one."""
    return structlog.contextvars.bound_contextvars(trace=secrets.token_hex(6))


def trace() -> str:
    """The trace id of what is being done."""
    return str(structlog.contextvars.get_contextvars().get("trace", ""))


def write_to_stderr(level: str) -> None:
    """Log to standard error: lines for a person on a terminal, JSON for a machine."""
    shown = structlog.dev.ConsoleRenderer() if sys.stderr.isatty() else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _trace_of_exception,
            shown,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


def _trace_of_exception(_logger: object, _name: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """The places of an exception, not its message: a message may quote what a person wrote."""
    error = event.pop("error", None)
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__
        places = []
        step = error.__traceback__
        while step:
            places.append(f"{step.tb_frame.f_globals.get('__name__')}:{step.tb_lineno}")
            step = step.tb_next
        event["at"] = places[-6:]
    elif error is not None:
        event["error"] = error
    return event
