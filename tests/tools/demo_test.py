"""tools/demo after its build, with programs that are built already: --keep leaves a server that is talked to and stopped as
the script says.

  demo_test.py PALMARESD PALMARES
"""
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

PALMARESD, PALMARES = sys.argv[1:3]
TOOLS = Path(__file__).resolve().parents[2] / "tools"


class DemoTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        (self.root / "tools").mkdir()
        (self.root / "tmp").mkdir()
        shutil.copy(TOOLS / "demo", self.root / "tools")
        os.symlink(TOOLS / "samples", self.root / "tools" / "samples")
        for name in ("install", "build"):
            script = self.root / "tools" / name
            script.write_text("#!/bin/sh\necho %s \"$@\" >>%s\n" % (name, self.root / "asked"))
            script.chmod(0o755)
        for program, where in ((PALMARESD, "services/server/palmaresd"), (PALMARES, "tools/palmares/palmares")):
            path = self.root / "build" / "release" / where
            path.parent.mkdir(parents=True)
            os.symlink(Path(program).resolve(), path)

    def demo(self, *options):
        return subprocess.run([self.root / "tools" / "demo", *options], env=dict(os.environ, TMPDIR=self.root / "tmp"),
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)

    @staticmethod
    def ends(pid):
        for _ in range(300):
            try:
                if Path("/proc/%d/stat" % pid).read_text().split()[2] == "Z":
                    return True  # of which nobody has taken note
            except OSError:
                return True
            time.sleep(0.1)
        return False

    def test_keep_leaves_a_server_that_is_talked_to_and_stopped_as_it_says(self):
        done = self.demo("--keep")
        text = done.stdout
        stop = re.search(r"^  stop it +(kill (\d+) && rm -rf (\S+))$", text, re.MULTILINE)
        self.assertTrue(stop, text + done.stderr)
        pid, folder = int(stop.group(2)), Path(stop.group(3))
        try:
            self.assertEqual(0, done.returncode, done.stderr)
            self.assertEqual("install demo\nbuild release palmaresd palmares\n", (self.root / "asked").read_text())
            self.assertGreaterEqual(text.count("== Import: "), 3)
            for part in ("A race: ", "A ranking: ", "A verdict, explained: ", "The athlete's history"):
                self.assertIn("== " + part, text)
            parts = dict(re.findall(r"^== (A race|A ranking|A verdict|The athlete's history)(.*?)(?=^== |\Z)", text,
                                    re.MULTILINE | re.DOTALL))
            self.assertRegex(parts["A race"], r"(?m)^ +1 +2:10:22 .*Lelisa Desisa")
            self.assertRegex(parts["A ranking"], r"(?m)^ +10 +2:\d\d:\d\d ")
            self.assertRegex(parts["A verdict"], r"(?m)^ +because +Qualified\. .*2:22:56.*3:05:00")
            self.assertGreaterEqual(len(re.findall(r"Boston Marathon 201\d", parts["The athlete's history"])), 2)
            commands = re.search(r"^  (export PATH=.*(?:\n  palmares .*)+)", text, re.MULTILINE).group(1)
            self.assertEqual(5, len(commands.splitlines()), commands)
            said = subprocess.run(["bash", "-euc", commands], capture_output=True, text=True, timeout=120)
            self.assertEqual(0, said.returncode, said.stderr)
            self.assertIn("2013/races/open", said.stdout)
            subprocess.run(["bash", "-c", stop.group(1)], check=True)
            self.assertTrue(self.ends(pid), "the server goes on after it was stopped")
            self.assertFalse(folder.exists())
        finally:
            subprocess.run(["kill", "-9", str(pid)], stderr=subprocess.DEVNULL)
            shutil.rmtree(folder, ignore_errors=True)

    def test_a_port_that_is_taken_and_words_that_it_does_not_know_are_refused(self):
        with socket.create_server(("127.0.0.1", 0)) as other:
            port = other.getsockname()[1]
            done = self.demo("--port", str(port))
        self.assertEqual(1, done.returncode)
        self.assertIn("port %d is taken" % port, done.stderr)
        self.assertEqual([], list((self.root / "tmp").iterdir()), "nothing is left behind")
        wrong = self.demo("--kept")
        self.assertEqual(2, wrong.returncode)
        self.assertIn("\"--kept\", want --keep or --port N", wrong.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
