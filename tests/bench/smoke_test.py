"""tools/bench runs to its end on a few results, without the peers: smoke_test.py BUILD_FOLDER."""
import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

BUILD = sys.argv.pop(1)
BENCH = Path(__file__).resolve().parents[2] / "tools/bench"
GROUPS = ("ingest", "rank", "rank-batch", "page", "page-all", "history", "history-batch", "history-stream", "filtered", "search",
          "live", "linking", "start")


class SmokeTest(unittest.TestCase):
    def test_every_figure_of_palmares_is_there_and_above_nothing(self):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "figures.json"
            command = [BENCH, "--quick", "--build", BUILD, "--directory", folder, "--races=4", "--rows=500", "--rounds=1",
                       "--seconds=0.1", "--without=postgresql", "--without=redis", f"--json={file}"]
            ran = subprocess.run([*command, *(f"--only={name}" for name in GROUPS)], capture_output=True, text=True, check=False)
            self.assertEqual(ran.returncode, 0, ran.stderr)
            figures = json.loads(file.read_text())
            self.assertEqual(list(Path(folder).glob("palmares-bench-*")), [], "what the servers stored is removed")
        values = {row["measure"]: row["value"] for row in figures["summary"] if row["contender"] == "palmares"}
        for measure in ("durable ingest", "disk per result", "rank", "rank, 100 together", "page of 100", "page of 100 of all",
                        "history", "history, 100 together", "history, streamed", "filtered list", "search",
                        "single results, 64 under way", "linking of rows without ids", "start-up, 0.002 M results"):
            self.assertGreater(values.get(measure, 0), 0, measure)
        self.assertIn("sqlite", ran.stdout)

    def test_an_unknown_name_is_bad_usage(self):
        ran = subprocess.run([BENCH, "--only", "nothing"], capture_output=True, text=True, check=False)
        self.assertEqual(ran.returncode, 2)
        self.assertIn("nothing", ran.stderr)


if __name__ == "__main__":
    unittest.main()
