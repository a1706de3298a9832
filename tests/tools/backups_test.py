"""Backups as an operator makes, checks and restores them with the programs as they are installed; and how the server is
configured: by a file, by the environment over it, by options over both.

  backups_test.py PALMARESD PALMARES
"""
import csv
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

PALMARESD, PALMARES = sys.argv[1:3]
NO, BAD_USAGE, REFUSED_BY_SERVER = 1, 2, 3

MANIFEST = """[event]
id = "town-run"
name = "Town Run"
country = "USA"
timezone = "America/New_York"
[edition]
id = "{year}"
date = {year}-05-05
[[race]]
id = "open"
name = "Open"
discipline = "10km-road"
places_by = "gun"
results = "{year}.csv"
"""


class Server:
    """A palmaresd, until the with ends."""

    def __init__(self, *options, **environment):
        command = [PALMARESD, "--listen", "127.0.0.1:0", "--catalogue", "false", *map(str, options)]
        self.process = subprocess.Popen(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                        env={**os.environ, **environment})

    def __enter__(self):
        ready = self.process.stdout.readline()
        assert ready.startswith("palmaresd is ready on "), ready + self.process.stderr.read()
        self.address = ready.split()[-1]
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.communicate(timeout=60)

    def refusal(self):
        """Of a server that must not start: the one line that it says."""
        said, complaint = self.process.communicate(timeout=60)
        assert self.process.returncode != 0 and said == "", said
        return complaint.splitlines()[-1]

    def palmares(self, token, *arguments):
        environment = {**os.environ, "PALMARES_SERVER": self.address, "PALMARES_TOKEN": token}
        return subprocess.run([PALMARES, *map(str, arguments)], env=environment, capture_output=True, text=True, timeout=60)


class BackupsTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        self.backups = self.root / "backups"

    def token(self, data="data"):
        return (self.root / data / "operator.token").read_text().strip()

    def import_year(self, server, year):
        (self.root / f"{year}.toml").write_text(MANIFEST.format(year=year))
        (self.root / f"{year}.csv").write_text(f"bib,name,sex,gun\n1,Ann Able,W,35:{year % 60:02d}\n2,Bea Bold,W,36:00\n")
        done = server.palmares(self.token(), "import", self.root / f"{year}.toml")
        self.assertEqual(0, done.returncode, done.stderr)

    def races(self, server, token):
        listed = server.palmares(token, "races", "list", "--output", "csv")
        self.assertEqual(0, listed.returncode, listed.stderr)
        return {(row["race"], row["results"]) for row in csv.DictReader(listed.stdout.splitlines())}

    def test_a_backup_is_made_checked_and_restored_and_an_older_one_too(self):
        with Server("--data", self.root / "data") as server:
            self.import_year(server, 2024)
            first = self.races(server, self.token())
            self.assertEqual(0, server.palmares(self.token(), "admin", "backup", self.backups).returncode)
            self.import_year(server, 2025)
            both = self.races(server, self.token())
            self.assertEqual(0, server.palmares(self.token(), "admin", "backup", self.backups).returncode)
            checked = server.palmares(self.token(), "admin", "restore", self.backups, "--logical")
            self.assertEqual(0, checked.returncode, checked.stderr)
        self.assertEqual((1, 2), (len(first), len(both)))

        with Server("--data", self.root / "newest", "--restore", self.backups) as server:
            self.assertEqual(self.token(), self.token("newest"), "under the same token")
            self.assertEqual(both, self.races(server, self.token()))
        with Server("--data", self.root / "older", "--restore", self.backups, "--restore-backup", "1") as server:
            self.assertEqual(first, self.races(server, self.token()))
        complaint = Server("--data", self.root / "newest", "--restore", self.backups).refusal()
        self.assertIn("holds data already, want an empty directory", complaint)
        complaint = Server("--data", self.root / "none", "--restore", self.backups, "--restore-backup", "3").refusal()
        self.assertIn("--restore", complaint)
        with Server("--data", self.root / "newest") as server:
            self.assertEqual(both, self.races(server, self.token()), "nothing was harmed")

    def test_a_damaged_backup_is_found_out_and_not_restored(self):
        with Server("--data", self.root / "data") as server:
            self.import_year(server, 2024)
            self.assertEqual(0, server.palmares(self.token(), "admin", "backup", self.backups).returncode)
            largest = max((path for path in self.backups.rglob("*") if path.is_file()), key=lambda path: path.stat().st_size)
            content = bytearray(largest.read_bytes())
            content[len(content) // 2] ^= 1
            largest.write_bytes(content)
            checked = server.palmares(self.token(), "admin", "restore", self.backups, "--logical")
            self.assertIn(checked.returncode, (NO, REFUSED_BY_SERVER), checked.stdout)
        complaint = Server("--data", self.root / "new", "--restore", self.backups).refusal()
        self.assertIn("--restore", complaint)
        self.assertFalse((self.root / "new" / "ledger").exists(), "nothing half restored stays")

    def test_backups_lie_below_the_configured_root_whoever_asks(self):
        self.backups.mkdir()
        with Server("--data", self.root / "data", "--backup-root", self.backups) as server:
            outside = server.palmares(self.token(), "admin", "backup", self.root / "elsewhere")
            self.assertEqual(REFUSED_BY_SERVER, outside.returncode, outside.stdout)
            self.assertIn(str(self.backups), outside.stderr)
            self.assertFalse((self.root / "elsewhere").exists())
            self.assertEqual(0, server.palmares(self.token(), "admin", "backup", self.backups / "daily").returncode)

    def test_options_are_over_the_environment_and_that_is_over_the_file(self):
        config = self.root / "palmaresd.toml"
        config.write_text(f'data = "{self.root / "of-file"}"\n[log]\nlevel = "error"\n')
        with Server("--config", config):
            pass
        self.assertTrue((self.root / "of-file" / "FORMAT").exists())
        with Server("--config", config, PALMARES_DATA=str(self.root / "of-environment")):
            pass
        self.assertTrue((self.root / "of-environment" / "FORMAT").exists())
        with Server("--config", config, "--data", self.root / "of-option", PALMARES_DATA=str(self.root / "unused")):
            pass
        self.assertTrue((self.root / "of-option" / "FORMAT").exists())
        self.assertFalse((self.root / "unused").exists())
        config.write_text('datta = "x"\n')
        complaint = Server("--config", config, "--data", self.root / "unused").refusal()
        self.assertIn("datta", complaint)
        self.assertFalse((self.root / "unused").exists())


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
