import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from schedule import Every, Job, Weekly, is_due, job_states, run_job

MONDAY = datetime(2024, 4, 8, 5, 0, tzinfo=UTC)  # 07:00 in Oslo, summer time
MINUTE = timedelta(minutes=1)


def job(code: str, due: Every | Weekly | None = None, name: str = "run") -> Job:
    return Job(name=name, command=(sys.executable, "-c", code), due=due or Every(minutes=60))


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (MONDAY, MONDAY),
        (MONDAY - timedelta(seconds=1), MONDAY - timedelta(days=7)),
        (
            datetime(2024, 10, 28, 5, 30, tzinfo=UTC),
            datetime(2024, 10, 21, 5, 0, tzinfo=UTC),
        ),  # winter time since Sunday
        (datetime(2024, 10, 28, 6, 0, tzinfo=UTC), datetime(2024, 10, 28, 6, 0, tzinfo=UTC)),
    ],
)
def test_weekly_job_is_due_at_oslo_time_on_both_sides_of_the_clock_change(now: datetime, due: datetime) -> None:
    assert Weekly(day="mon", hour=7).last_due(now) == due


def test_missed_runs_catch_up_once(tmp_path: Path) -> None:
    state, hourly = tmp_path / "state.sqlite", job("")
    assert is_due(hourly, state, MONDAY)
    assert run_job(hourly, state, MINUTE, lambda: MONDAY) == 0
    assert not is_due(hourly, state, MONDAY + timedelta(minutes=59))
    assert is_due(hourly, state, MONDAY + timedelta(hours=5))
    run_job(hourly, state, MINUTE, lambda: MONDAY + timedelta(hours=5))
    assert not is_due(hourly, state, MONDAY + timedelta(hours=5))


def test_failed_run_stays_due_and_its_error_is_kept(tmp_path: Path) -> None:
    state, failing = tmp_path / "state.sqlite", job("import sys; sys.exit('feeden svarte ikke')")
    assert run_job(failing, state, MINUTE, lambda: MONDAY) == 1
    assert is_due(failing, state, MONDAY)
    (told,) = job_states((failing,), state, MONDAY)
    assert (told.succeeded, told.error, told.late) == (None, "feeden svarte ikke", True)


def test_job_is_late_after_two_periods_without_success(tmp_path: Path) -> None:
    state, hourly = tmp_path / "state.sqlite", job("")
    run_job(hourly, state, MINUTE, lambda: MONDAY)
    assert not job_states((hourly,), state, MONDAY + timedelta(minutes=119))[0].late
    assert job_states((hourly,), state, MONDAY + timedelta(minutes=121))[0].late


def test_weekly_job_is_late_a_day_after_it_was_due(tmp_path: Path) -> None:
    state, weekly = tmp_path / "state.sqlite", job("", Weekly(day="mon", hour=7), "digest")
    run_job(weekly, state, MINUTE, lambda: MONDAY - timedelta(days=7))
    assert not job_states((weekly,), state, MONDAY + timedelta(hours=23))[0].late
    assert job_states((weekly,), state, MONDAY + timedelta(hours=25))[0].late
    run_job(weekly, state, MINUTE, lambda: MONDAY + timedelta(hours=26))
    assert not job_states((weekly,), state, MONDAY + timedelta(days=6))[0].late


def test_weekly_job_that_fails_is_tried_again_until_it_succeeds_and_no_longer(tmp_path: Path) -> None:
    tries = tmp_path / "tries"
    program = f"""
from datetime import UTC, datetime, timedelta
from pathlib import Path
import schedule
schedule.AGAIN = timedelta(seconds=1)
child = '''
import pathlib, sys
tries = pathlib.Path({str(tries)!r})
tries.write_text((tries.read_text() if tries.exists() else "") + "x")
sys.exit(len(tries.read_text()) < 2)
'''
jobs = (schedule.Job(name="digest", command=("{sys.executable}", "-c", child), due=schedule.Weekly(day="mon", hour=7)),)
schedule.serve(jobs, Path({str(tmp_path / "state.sqlite")!r}), timedelta(minutes=5), lambda: datetime.now(UTC))
"""
    daemon = subprocess.Popen([sys.executable, "-c", program])
    try:
        deadline = time.monotonic() + 30
        while not (tries.exists() and len(tries.read_text()) >= 2) and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(2.2)  # two more hours of this clock
        assert tries.read_text() == "xx"
        daemon.send_signal(signal.SIGTERM)
        assert daemon.wait(20) == 0
    finally:
        daemon.kill()


def test_job_is_stopped_at_its_timeout_with_all_that_it_started(tmp_path: Path) -> None:
    grandchild = "import subprocess,sys; subprocess.run([sys.executable,'-c','import time; time.sleep(60)'])"
    started = time.monotonic()
    assert run_job(job(grandchild), tmp_path / "state.sqlite", timedelta(seconds=1), lambda: MONDAY) == 124
    assert time.monotonic() - started < 50


def test_scheduler_runs_what_is_due_and_ends_its_children_on_sigterm(tmp_path: Path) -> None:
    mark = tmp_path / "child"
    program = f"""
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from schedule import Every, Job, serve
child = "import os, pathlib, time; pathlib.Path({str(mark)!r}).write_text(str(os.getpid())); time.sleep(60)"
jobs = (Job(name="run", command=(sys.executable, "-c", child), due=Every(minutes=60)),)
serve(jobs, Path({str(tmp_path / "state.sqlite")!r}), timedelta(minutes=5), lambda: datetime.now(UTC))
"""
    daemon = subprocess.Popen([sys.executable, "-c", program])
    try:
        deadline = time.monotonic() + 30
        while not (mark.exists() and mark.read_text()) and time.monotonic() < deadline:
            time.sleep(0.05)
        child = int(mark.read_text())
        daemon.send_signal(signal.SIGTERM)
        assert daemon.wait(20) == 0
        with pytest.raises(ProcessLookupError):
            os.kill(child, 0)
    finally:
        daemon.kill()
