"""The two programs together, as they are installed: what the server logs, what the client draws and for whom, tokens from
their making to their end, and data directories that a server must leave alone.

  programs_test.py PALMARESD PALMARES
"""
import json
import os
import pty
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

PALMARESD, PALMARES = sys.argv[1:3]
SECRET = re.compile(r"palmares_[A-Za-z0-9_-]{43}[0-9a-f]{6}")

MANIFEST = """[event]
id = "town-run"
name = "Town Run"
country = "USA"
timezone = "America/New_York"
[edition]
id = "2024"
date = 2024-05-05
[[race]]
id = "open"
name = "Open"
discipline = "10km-road"
places_by = "gun"
results = "run.csv"
"""


def start(data, *options, stderr=subprocess.PIPE):
    command = [PALMARESD, "--data", str(data), "--listen", "127.0.0.1:0", "--catalogue", "false", *options]
    return subprocess.Popen(command, text=True, stdout=subprocess.PIPE, stderr=stderr)


class ServerTest(unittest.TestCase):
    """One server for all that can share it."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.root = Path(folder.name)
        cls.log = open(cls.root / "log", "w+")
        cls.addClassCleanup(cls.log.close)
        cls.server = start(cls.root / "data", "--log-level", "debug", stderr=cls.log)
        cls.addClassCleanup(cls.stop)
        ready = cls.server.stdout.readline()
        assert ready.startswith("palmaresd is ready on 127.0.0.1:"), ready
        cls.address = ready.split()[-1]
        cls.token = (cls.root / "data" / "operator.token").read_text().strip()

    @classmethod
    def stop(cls):
        cls.server.terminate()
        cls.server.wait()
        cls.server.stdout.close()

    def command(self, token, *arguments):
        environment = dict(os.environ, PALMARES_SERVER=self.address, PALMARES_TOKEN=self.token if token is None else token)
        return [PALMARES, *arguments], environment

    def palmares(self, *arguments, token=None):
        command, environment = self.command(token, *arguments)
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)


    def test_each_call_is_a_line_of_json_and_no_token_is_in_any(self):
        self.assertEqual(0, self.palmares("races", "list").returncode)
        refused = self.palmares("races", "show", "events/none/editions/2024/races/open")
        self.assertEqual(3, refused.returncode, refused.stderr)
        made = self.palmares("admin", "token", "create", "--role", "federation", "--name", "rules")
        secret = SECRET.search(made.stdout).group()
        self.assertEqual(0, self.palmares("rankings", "list", "--discipline", "marathon", "--sex", "M", token=secret).returncode)
        unknown = secret[:-10] + "0123456789"
        self.assertEqual(3, self.palmares("races", "list", token=unknown).returncode)

        text = (self.root / "log").read_text()
        lines = [json.loads(line) for line in text.splitlines()]
        for line in lines:
            self.assertRegex(line["time"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z$")
            self.assertIn(line["level"], ("debug", "info", "warning", "error"))
            self.assertTrue(line["event"])
        calls = {(line["method"], line["code"]): line for line in lines if line["event"] == "call"}
        good = calls["/palmares.v1.EventService/ListRaces", 0]
        self.assertEqual("debug", good["level"])
        self.assertGreater(good["micros"], 0)
        bad = calls["/palmares.v1.EventService/GetRace", 5]
        self.assertEqual("info", bad["level"], "a call that fails is told without asking")
        self.assertIn(("/palmares.v1.EventService/ListRaces", 16), calls, "UNAUTHENTICATED")
        self.assertIsNone(SECRET.search(text))
        for token in (self.token, secret, unknown):
            self.assertNotIn(token[9:30], text)
    def test_a_token_is_made_listed_without_its_secret_used_revoked_and_refused(self):
        made = self.palmares("admin", "token", "create", "--role", "organizer", "--resource", "events/town-run",
                             "--name", "Town timing", "--id", "timing")
        self.assertEqual(0, made.returncode, made.stderr)
        secret = SECRET.search(made.stdout).group()
        manifest = self.root / "run.toml"
        manifest.write_text(MANIFEST.replace("2024", "2025").replace("run.csv", "one.csv"))
        (self.root / "one.csv").write_text("bib,name,sex,gun\n1,Ann Able,W,35:00\n")
        done = self.palmares("import", str(manifest), token=secret)
        self.assertEqual(0, done.returncode, done.stderr)

        for output in ("table", "json", "csv"):
            listed = self.palmares("admin", "token", "list", "--output", output)
            self.assertEqual(0, listed.returncode, listed.stderr)
            self.assertIn("Town timing", listed.stdout)
            self.assertIsNone(SECRET.search(listed.stdout), "a secret is shown once")
        listed = json.loads(self.palmares("admin", "token", "list", "--output", "json").stdout)
        by_name = {token["name"]: token for token in listed["tokens"]}
        self.assertNotIn("revokeTime", by_name["tokens/timing"])

        refused = self.palmares("admin", "token", "revoke", "tokens/timing", token=secret)
        self.assertEqual(3, refused.returncode, "an organizer manages no tokens, not their own either")
        revoked = self.palmares("admin", "token", "revoke", "tokens/timing", "--reason", "laptop lost", "--output", "json")
        self.assertEqual(0, revoked.returncode, revoked.stderr)
        self.assertIn("revokeTime", json.loads(revoked.stdout))
        after = self.palmares("import", str(manifest), token=secret)
        self.assertEqual(3, after.returncode, after.stderr)
        self.assertIn("revoked", after.stderr)
        self.assertEqual(3, self.palmares("races", "list", token=secret).returncode, "not as anybody either")
        self.assertEqual(3, self.palmares("admin", "token", "revoke", "tokens/timing").returncode, "it is revoked already")
    def watched(self, *arguments):
        """Runs the client with a terminal for its standard error: what it draws there."""
        terminal, end = pty.openpty()
        command, environment = self.command(None, *arguments)
        with open(self.root / "said", "w") as said:
            client = subprocess.Popen(command, env=environment, stdout=said, stderr=end)
        os.close(end)
        drawn = b""
        try:
            while data := os.read(terminal, 65536):
                drawn += data
        except OSError:
            pass  # the client has closed the other end
        os.close(terminal)
        self.assertEqual(0, client.wait(60), drawn)
        return drawn.decode()

    def test_a_bar_is_drawn_for_a_terminal_alone(self):
        rows = ["%d,Runner Number%d,W,%d:%02d" % (bib, bib, 35 + bib // 60, bib % 60) for bib in range(1, 1001)]
        (self.root / "run.csv").write_text("bib,name,sex,gun\n" + "\n".join(rows) + "\n")
        for year in ("2022", "2023", "2024"):
            (self.root / (year + ".toml")).write_text(MANIFEST.replace("2024", year))

        drawn = self.watched("import", str(self.root / "2022.toml"))
        self.assertRegex(drawn, r"\rrun\.csv \[[#.]{24}\] +\d+ %")
        self.assertGreater(drawn.rfind("\r\x1b[K"), drawn.rfind("%"), "it is wiped in the end")
        quiet = self.watched("import", str(self.root / "2023.toml"), "--quiet")
        self.assertNotIn("[#", quiet)
        self.assertNotIn("[.", quiet)

        unwatched = self.palmares("import", str(self.root / "2024.toml"), "--output", "json")
        self.assertEqual(0, unwatched.returncode, unwatched.stderr)
        for text in (unwatched.stderr, unwatched.stdout):
            self.assertNotIn("\r", text)
            self.assertNotIn("\x1b", text)
        self.assertEqual(1000, json.loads(unwatched.stdout)["report"]["rowsRead"])


class DataDirectoryTest(unittest.TestCase):
    def refusal(self, data):
        with start(data) as server:
            said, complaint = server.communicate(timeout=60)
            self.assertEqual(1, server.returncode)
        self.assertEqual("", said, "it was never ready")
        self.assertEqual(1, len(complaint.splitlines()), complaint)
        self.assertTrue(complaint.startswith("palmaresd: %s " % data), complaint)
        return complaint

    def test_one_that_another_process_holds_or_that_is_newer_is_refused_and_left_as_it_is(self):
        with tempfile.TemporaryDirectory() as folder:
            data = Path(folder) / "data"
            with start(data) as holder:
                try:
                    self.assertIn("ready", holder.stdout.readline())
                    complaint = self.refusal(data)
                    self.assertIn("is in use by process %d" % holder.pid, complaint)
                    self.assertIn("choose another data directory", complaint)
                finally:
                    holder.terminate()
                    holder.communicate(timeout=60)
                self.assertEqual(0, holder.returncode, "it went on, and ends well")

            form = data / "FORMAT"
            number = int(form.read_text().split()[1])
            form.write_text("palmares %d\n" % (number + 1))
            before = sorted((path.relative_to(data), path.stat().st_mtime_ns) for path in data.rglob("*") if path.is_file())
            complaint = self.refusal(data)
            self.assertIn("has data format %d, this server understands up to %d" % (number + 1, number), complaint)
            self.assertIn("use the newer server", complaint)
            after = sorted((path.relative_to(data), path.stat().st_mtime_ns) for path in data.rglob("*") if path.is_file())
            self.assertEqual(before, after)

            form.write_text("palmares %d\n" % number)
            with start(data) as server:
                try:
                    self.assertIn("ready", server.stdout.readline(), "nothing was harmed")
                finally:
                    server.terminate()
                    server.communicate(timeout=60)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
