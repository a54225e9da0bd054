"""What stands between the user and the first frame."""

import json
import subprocess
import sys


def test_the_first_frame_waits_for_no_screen_but_its_own() -> None:
    program = (
        "import json, sys\n"
        "import octowizard.app.app\n"
        "print(json.dumps(sorted(name for name in sys.modules if name.startswith('octowizard.app.screens.'))))\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, encoding="utf-8", timeout=60, check=True
    )
    places = {"calendar", "checks", "duplicates", "history", "mapping", "practice", "setup", "sync"}
    places |= {"troubleshoot", "welcome"}
    loaded = {name.rpartition(".")[2] for name in json.loads(ended.stdout)}
    assert loaded & places == set()
