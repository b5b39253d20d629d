import os
from pathlib import Path

import pytest
from filelock import FileLock

from demo import run_demo


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole demo, run once for all test processes: `data/` and `bybaand.toml`. Read-only for tests."""
    shared = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        shared = shared.parent
    folder = shared / "demo"
    with FileLock(shared / "demo.lock"):
        if not (folder / "done").exists():
            folder.mkdir(exist_ok=True)
            run_demo(folder, quiet=True)
            (folder / "done").touch()
    return folder


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of texts and pages that are not ours to publish; the test skips where it is absent."""
    folder = Path(__file__).parents[2] / "shared"
    if not folder.is_dir():
        pytest.skip("needs ../shared")
    return folder
