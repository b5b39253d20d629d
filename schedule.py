"""Jobs that run by themselves, and the record of when each last succeeded.

Every job is a child process. The record (`job_run` in the state file) is what makes a missed run catch up: at start a
job whose last success lies before its latest due time is run at once, once, however many runs were missed. A job that
failed and is due more seldom than every hour is tried again every hour until it succeeds.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

OSLO = ZoneInfo("Europe/Oslo")
AGAIN = timedelta(hours=1)
"""Between two attempts of a job that failed and is not due again before."""
LATE = timedelta(days=1)
"""After which a weekly job without a success is called late."""
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SCHEMA = """
create table if not exists job_run (
  job text not null, slot text not null, started text not null, ended text, rc integer, error text
)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Every:
    """Every `minutes` minutes, counted from midnight UTC."""

    minutes: int

    def last_due(self, now: datetime) -> datetime:
        """The latest time at or before `now` (aware) at which the job was due, in UTC."""
        step = self.minutes * 60
        return datetime.fromtimestamp(now.timestamp() // step * step, UTC)

    @property
    def period(self) -> timedelta:
        """The time between two runs."""
        return timedelta(minutes=self.minutes)

    def trigger(self) -> IntervalTrigger:
        """The same for APScheduler."""
        return IntervalTrigger(minutes=self.minutes, start_date=datetime(2020, 1, 1, tzinfo=UTC), timezone=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weekly:
    """Once a week at a full hour in Oslo; never 02 or 03, which clock changes double or skip."""

    day: str
    hour: int

    def last_due(self, now: datetime) -> datetime:
        """The latest time at or before `now` (aware) at which the job was due, in UTC."""
        local = now.astimezone(OSLO)
        back = (local.weekday() - _DAYS.index(self.day)) % 7
        due = (local - timedelta(days=back)).replace(hour=self.hour, minute=0, second=0, microsecond=0)
        if due > local:
            due -= timedelta(days=7)
        return due.astimezone(UTC)

    @property
    def period(self) -> timedelta:
        """The time between two runs."""
        return timedelta(days=7)

    def trigger(self) -> CronTrigger:
        """The same for APScheduler."""
        return CronTrigger(day_of_week=self.day, hour=self.hour, timezone=OSLO)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A command line to run in a process of its own whenever it is due."""

    name: str
    command: tuple[str, ...]
    due: Every | Weekly


@dataclass(frozen=True, slots=True, kw_only=True)
class JobState:
    """When a job last succeeded and failed (UTC), and whether it is late: two periods, or a day of a week, without."""

    name: str
    succeeded: datetime | None
    failed: datetime | None
    error: str | None
    late: bool


@contextmanager
def _record(state: Path) -> Iterator[sqlite3.Connection]:
    state.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(state, timeout=30)
    try:
        connection.execute("pragma journal_mode=wal")
        connection.execute(_SCHEMA)
        with connection:
            yield connection
    finally:
        connection.close()


def job_states(jobs: tuple[Job, ...], state: Path, now: datetime) -> tuple[JobState, ...]:
    """Say of each job when it last succeeded and failed."""
    with _record(state) as record:
        states = []
        for job in jobs:
            good, bad = (
                record.execute(
                    f"select ended, error from job_run where job = ? and ended is not null and rc {test} 0 "
                    "order by ended desc limit 1",
                    (job.name,),
                ).fetchone()
                for test in ("=", "<>")
            )
            succeeded = datetime.fromisoformat(good[0]) if good else None
            states.append(
                JobState(
                    name=job.name,
                    succeeded=succeeded,
                    failed=datetime.fromisoformat(bad[0]) if bad else None,
                    error=bad[1] if bad else None,
                    late=_is_late(job, succeeded, now),
                )
            )
    return tuple(states)


def _is_late(job: Job, succeeded: datetime | None, now: datetime) -> bool:
    if succeeded is None:
        return True
    due = job.due.last_due(now)
    if isinstance(job.due, Weekly):
        return succeeded < due and now - due > LATE
    return now - succeeded > 2 * job.due.period


def is_due(job: Job, state: Path, now: datetime) -> bool:
    """True when the job's latest due time has no successful run yet."""
    with _record(state) as record:
        row = record.execute(
            "select 1 from job_run where job = ? and rc = 0 and slot >= ? limit 1",
            (job.name, job.due.last_due(now).isoformat()),
        ).fetchone()
    return row is None


def run_job(job: Job, state: Path, timeout: timedelta, clock: Callable[[], datetime]) -> int:
    """Run the job's command in a child process, record the outcome, return its exit code (124 after the timeout)."""
    started = clock()
    slot = job.due.last_due(started).isoformat()
    with _record(state) as record:
        cursor = record.execute(
            "insert into job_run (job, slot, started) values (?, ?, ?)", (job.name, slot, started.isoformat())
        )
        row = cursor.lastrowid
    child = subprocess.Popen(job.command, stderr=subprocess.PIPE, text=True, start_new_session=True)
    _children.add(child)
    try:
        _, errors = child.communicate(timeout=timeout.total_seconds())
        code = child.returncode
    except subprocess.TimeoutExpired:
        _end(child)
        code, errors = 124, f"stoppet etter {timeout}"
    finally:
        _children.discard(child)
    error = (errors or "").strip()[-2000:] if code else None
    if errors:
        sys.stderr.write(errors)
    with _record(state) as record:
        record.execute(
            "update job_run set ended = ?, rc = ?, error = ? where rowid = ?", (clock().isoformat(), code, error, row)
        )
    return code


_children: set[subprocess.Popen[str]] = set()


def _end(child: subprocess.Popen[str]) -> None:
    """Ask the child and all that it started to stop; kill what still runs after ten seconds."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(child.pid, sign)
            child.wait(10)
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue
        return


def serve(jobs: tuple[Job, ...], state: Path, timeout: timedelta, clock: Callable[[], datetime]) -> None:
    """Run the jobs when they are due, until SIGTERM or SIGINT; what is running then is ended with the scheduler."""
    scheduler = BlockingScheduler(
        timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    )

    def stop(_signal: int, _frame: object) -> None:
        for child in tuple(_children):
            _end(child)
        scheduler.shutdown(wait=False)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    for job in jobs:
        # One at a time of each: an attempt that is made again, or a catch-up, must not meet the next due run.
        once = _once(job, state, timeout, clock, threading.Lock())
        scheduler.add_job(once, job.due.trigger(), id=job.name)
        if is_due(job, state, clock()):
            scheduler.add_job(once, id=f"{job.name}-catch-up")
        if job.due.period > AGAIN:
            scheduler.add_job(once, IntervalTrigger(seconds=int(AGAIN.total_seconds())), id=f"{job.name}-again")
    scheduler.start()


def _once(
    job: Job, state: Path, timeout: timedelta, clock: Callable[[], datetime], running: threading.Lock
) -> Callable[[], None]:
    """Return what runs a job when it has no success since its due time and does not run already."""

    def once() -> None:
        if not running.acquire(blocking=False):
            return
        try:
            if is_due(job, state, clock()):
                run_job(job, state, timeout, clock)
        finally:
            running.release()

    return once
