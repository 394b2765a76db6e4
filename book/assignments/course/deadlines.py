"""Deadlines, as the instructor states them in `course.toml` of the class folder, and who was late.

It holds `timezone = "Europe/Berlin"`, a table `[deadlines]` with lines such as `1-coupling =
2027-04-19T23:59:00`, and may hold tables `[extensions.1-coupling]` with other deadlines for single students,
`ab1234 = 2027-04-21T23:59:00`. Being late costs nothing here, unless `percent_per_day = 10` says what is
taken off for every day begun.
"""

import math
import re
import tomllib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from . import identity

KEYS = {"timezone", "percent_per_day", "deadlines", "extensions"}
EXAMPLE = "2027-04-19T23:59:00"


@dataclass
class Rules:
    """What `course.toml` states; nothing without it."""

    zone: ZoneInfo | None = None
    deadlines: dict = field(default_factory=dict)  # {assignment: time}
    extensions: dict = field(default_factory=dict)  # {(assignment, student): time}
    percent_per_day: float = 0.0

    def deadline(self, name, student):
        """Return the deadline of `student` in the assignment `name`, or None."""
        return self.extensions.get((name, identity.plain(student)), self.deadlines.get(name))

    def local(self, time):
        """Return `time`, with a zone or in the one of the course, in the zone of the course."""
        return time.replace(tzinfo=self.zone) if time.tzinfo is None else time.astimezone(self.zone)


def read(path, names):
    """Return the `Rules` in the file `path`, about the assignments `names`; raise ValueError."""
    path = Path(path)
    if not path.is_file():
        return Rules()
    try:
        content = tomllib.loads(path.read_text("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"{path}: {error}; a time is written {EXAMPLE}") from None
    if wrong := set(content) - KEYS:
        raise ValueError(f"{path}: `{sorted(wrong)[0]}` means nothing here; {', '.join(sorted(KEYS))} do")
    zone = _zone(path, content.get("timezone"))
    percent = content.get("percent_per_day", 0)
    if isinstance(percent, bool) or not isinstance(percent, (int, float)) or not 0 <= percent <= 100:
        raise ValueError(f"{path}: `percent_per_day` must be a number from 0 to 100, but is {percent!r}")
    rules = Rules(zone, percent_per_day=float(percent))
    for name, time in _table(path, "deadlines", content.get("deadlines", {}), names).items():
        rules.deadlines[name] = _time(path, f"deadlines.{name}", time, rules)
    for name, times in _table(path, "extensions", content.get("extensions", {}), names).items():
        if not isinstance(times, dict):
            raise ValueError(f"{path}: `extensions.{name}` must hold lines such as ab1234 = {EXAMPLE}")
        for student, time in times.items():
            key = (name, identity.plain(student))
            rules.extensions[key] = _time(path, f"extensions.{name}.{student}", time, rules)
    return rules


def _zone(path, name):
    if not isinstance(name, str):
        raise ValueError(f'{path}: `timezone` must be stated, such as timezone = "Europe/Berlin"')
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):  # ZoneInfoNotFoundError is a KeyError
        raise ValueError(f"{path}: {name!r} is no time zone; one is called such as Europe/Berlin") from None


def _table(path, key, table, names):
    if not isinstance(table, dict):
        raise ValueError(f"{path}: `{key}` must be a table, [{key}]")
    if wrong := set(table) - set(names):
        raise ValueError(f"{path}: there is no assignment {sorted(wrong)[0]!r}; there are {', '.join(names)}")
    return table


def _time(path, key, value, rules):
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            pass
    if not isinstance(value, datetime):
        raise ValueError(f"{path}: `{key}` must be a day with its time, such as {EXAMPLE}, but is {value}")
    return rules.local(value)


@dataclass
class Lateness:
    """What is known of how late a submission is: words, empty if it is not; hours, None if not known."""

    words: str = ""
    hours: float | None = None
    share: float = 1.0  # of the points that is left


def lateness(rules, name, student, *, marked, when):
    """Return the `Lateness` of one submission.

    `marked` says that the platform calls it late; `when` is the time at which it was handed in, if known.
    """
    deadline = rules.deadline(name, student)
    stated = f"the deadline was {shown(deadline)}" if deadline else "course.toml states no deadline"
    if deadline is None or when is None:
        return Lateness(f"Late, as Canvas says; {stated}." if marked else "")
    when = rules.local(when)
    late = when.astimezone(UTC) - deadline.astimezone(UTC)
    if late <= timedelta(0):
        return Lateness(f"Late, as Canvas says; {stated}." if marked else "")
    hours = late / timedelta(hours=1)
    words = f"Late by {spelled(late)}: handed in {shown(when)}, {stated}."
    share = max(0.0, 1 - rules.percent_per_day / 100 * math.ceil(hours / 24))
    if rules.percent_per_day:
        words += f" The tables count {100 * share:g} % of the points, as course.toml states."
    return Lateness(words, round(hours, 2), share)


def spelled(late):
    """Return a time span in words."""
    minutes = math.ceil(late / timedelta(minutes=1))
    if minutes < 120:
        return f"{minutes} minutes" if minutes > 1 else "a minute"
    hours = late / timedelta(hours=1)
    return f"{hours:.0f} hours" if hours < 48 else f"{hours / 24:.1f} days"


def shown(time):
    return f"{time:%Y-%m-%d %H:%M} ({time.tzinfo})"


def stamp(text):
    """Return the time in nbgrader's `timestamp.txt`, such as `2027-04-19 21:10:00.000000 UTC`, or None."""
    found = re.match(r"(\d{4}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d)?)(?:\.\d+)? *(\S*)", text.strip())
    if not found:
        return None
    zone = UTC if found[2] in ("", "UTC", "Z") else _offset(found[2])
    return datetime.fromisoformat(found[1]).replace(tzinfo=zone) if zone else None


def _offset(name):
    try:
        return datetime.fromisoformat(f"2000-01-01T00:00:00{name}").tzinfo
    except ValueError:
        try:
            return ZoneInfo(name)
        except (ValueError, OSError, KeyError):
            return None
