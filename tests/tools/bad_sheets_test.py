"""Sheets that must not pass as they are, through the programs as they are installed: what a person is told, which names file,
row, column, value and what is wanted; what a script is told by the exit code; and that nothing at all was written.

  bad_sheets_test.py PALMARESD PALMARES
"""
import csv
import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

PALMARESD, PALMARES = sys.argv[1:3]
DONE, NO, BAD_USAGE, REFUSED_BY_SERVER, UNREACHABLE = range(5)

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
results = "run.csv"
{more}
"""
HEADER = b"place,bib,name,sex,gun\n"
GOOD = HEADER + b"1,1,Ann Able,W,35:00\n2,2,Bea Bold,W,36:00\n"


class BadSheetsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.root = Path(folder.name)
        cls.file = cls.root / "run.csv"
        command = [PALMARESD, "--data", str(cls.root / "data"), "--listen", "127.0.0.1:0", "--catalogue", "false"]
        cls.server = subprocess.Popen(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        cls.addClassCleanup(cls.stop)
        cls.address = cls.server.stdout.readline().split()[-1]
        cls.token = (cls.root / "data" / "operator.token").read_text().strip()
        cls.next_year = 2001

    @classmethod
    def stop(cls):
        cls.server.terminate()
        cls.server.wait()
        cls.server.stdout.close()

    def setUp(self):
        """Each test has an edition of its own, which nothing was written of."""
        self.year = self.next_year
        type(self).next_year += 1
        self.race = f"town-run/editions/{self.year}/races/open"
        self.file.unlink(missing_ok=True)

    def palmares(self, *arguments, **environment):
        environment = {**os.environ, "PALMARES_SERVER": self.address, "PALMARES_TOKEN": self.token, **environment}
        return subprocess.run([PALMARES, *arguments], env=environment, capture_output=True, text=True, timeout=60)

    def import_sheet(self, content, *options, more="", output="csv", **environment):
        if content is not None:
            self.file.write_bytes(content)
        manifest = self.root / "run.toml"
        manifest.write_text(MANIFEST.format(year=self.year, more=more))
        return self.palmares("import", str(manifest), "--output", output, *options, **environment)

    def counts(self, done):
        [row] = csv.DictReader(done.stdout.splitlines())
        return row

    def marks(self):
        listed = self.palmares("results", "list", self.race, "--output", "csv")
        self.assertEqual(DONE, listed.returncode, listed.stderr)
        return {row["bib"]: row["mark"] for row in csv.DictReader(listed.stdout.splitlines())}

    def assert_nothing_written(self):
        shown = self.palmares("races", "show", self.race)
        self.assertEqual(REFUSED_BY_SERVER, shown.returncode, "there is no such race: " + shown.stdout)

    def assert_refused(self, content, *said, more=""):
        """As CSV on standard error, as a table on standard output; nothing was written either time."""
        done = self.import_sheet(content, more=more)
        self.assertEqual(NO, done.returncode, done.stderr)
        [line] = done.stderr.splitlines()
        for part in said:
            self.assertIn(part, line)
        self.assertEqual("false", self.counts(done)["accepted"])
        self.assert_nothing_written()
        for_people = self.import_sheet(None, more=more, output="table")
        self.assertEqual(NO, for_people.returncode, for_people.stderr)
        self.assertIn("NOT ACCEPTED: nothing was written", for_people.stdout)
        self.assertIn(line.removeprefix("palmares: "), for_people.stdout)
        self.assert_nothing_written()

    def test_a_time_that_is_none(self):
        self.assert_refused(GOOD.replace(b"36:00", b"36:75"), f'{self.file} row 3, gun "36:75": ',
                            "want seconds below 60")

    def test_a_bib_that_two_have(self):
        self.assert_refused(GOOD.replace(b"2,2,", b"2,1,"),
                            f'{self.file} row 3, bib "1": row 2 has the same bib; want each bib once')

    def test_a_place_that_contradicts_the_time(self):
        self.assert_refused(GOOD.replace(b"36:00", b"34:59"),
                            f'{self.file} row 3, place "2": the place contradicts the time 34:59',
                            "want places in the order of the times")

    def test_a_column_that_the_file_lacks(self):
        self.assert_refused(GOOD, f'{self.file}: finish "chip_time": the file has no such column',
                            "want one of place, bib, name, sex, gun", more='[race.columns]\nfinish = "chip_time"')

    def test_a_byte_that_is_no_utf_8_in_a_file_that_is(self):
        self.assert_refused(GOOD.replace(b"Ann Able", b"Zo\xc3\xab Able").replace(b"Bold", b"B\xc3 ld"),
                            f'{self.file} row 3, name "0xc3": is no character in UTF-8; want UTF-8')

    def test_a_byte_that_is_no_utf_8_in_a_file_that_is_said_to_be(self):
        self.assert_refused(GOOD.replace(b"Able", b"Abl\xff"),
                            f'{self.file} row 2, name "0xff": is no character in UTF-8; want UTF-8', more='encoding = "utf-8"')

    def test_each_refused_row_is_named(self):
        bad = GOOD + b"3,3,Cora Calm,W,fast\n4,2,Dee Deft,W,38:00\n"
        done = self.import_sheet(bad)
        self.assertEqual(NO, done.returncode)
        self.assertIn(f'{self.file} row 4, gun "fast": ', done.stderr)
        self.assertIn(f'{self.file} row 5, bib "2": row 3 has the same bib', done.stderr)
        self.assertEqual("2", self.counts(done)["rows_rejected"])
        self.assert_nothing_written()

    def test_a_file_that_is_not_there(self):
        done = self.import_sheet(None)
        self.assertEqual(BAD_USAGE, done.returncode)
        self.assertIn(f"{self.file}: No such file or directory", done.stderr)
        self.assert_nothing_written()
        gone = self.palmares("import", str(self.root / "none.toml"))
        self.assertEqual(BAD_USAGE, gone.returncode)
        self.assertIn(f"{self.root / 'none.toml'}: No such file or directory", gone.stderr)

    def test_a_key_of_the_manifest_that_is_none(self):
        done = self.import_sheet(GOOD, more='colour = "red"')
        self.assertEqual(BAD_USAGE, done.returncode)
        self.assertRegex(done.stderr, r'run\.toml:\d+: race\S*\.colour: unknown key')
        self.assert_nothing_written()

    def test_what_is_left_out_of_a_sheet_that_may_be_partial_is_reported(self):
        done = self.import_sheet(GOOD + b"3,3,Cora Calm,W,fast\n", "--allow-partial")
        self.assertEqual(NO, done.returncode, "rows were refused")
        self.assertIn(f'{self.file} row 4, gun "fast": ', done.stderr)
        row = self.counts(done)
        self.assertEqual(["true", "3", "2", "1", "2"],
                         [row[column] for column in ("accepted", "rows_read", "rows_accepted", "rows_rejected", "rows_added")])
        self.assertEqual({"1": "35:00", "2": "36:00"}, self.marks())

    def test_the_same_file_twice_changes_nothing_and_says_so(self):
        self.assertEqual(DONE, self.import_sheet(GOOD).returncode)
        before = json.loads(self.palmares("races", "show", self.race, "--output", "json").stdout)
        again = self.import_sheet(None)
        self.assertEqual(DONE, again.returncode, again.stderr)
        row = self.counts(again)
        self.assertEqual(["true", "0", "0", "2", "1"],
                         [row[column] for column in ("unchanged", "rows_added", "rows_changed", "rows_unchanged", "revision")])
        for_people = self.import_sheet(None, output="table")
        self.assertIn("unchanged: the same file is on the sheet already; nothing was written", for_people.stdout)
        after = json.loads(self.palmares("races", "show", self.race, "--output", "json").stdout)
        self.assertEqual(before["etag"], after["etag"])

    def test_a_sheet_for_a_race_that_is_official(self):
        self.assertEqual(DONE, self.import_sheet(GOOD).returncode)
        other = GOOD.replace(b"36:00", b"36:10")
        refused = self.import_sheet(other)
        self.assertEqual(REFUSED_BY_SERVER, refused.returncode)
        for part in (self.race, str(self.file), "has an official sheet already", "want a reason for replacing it",
                     "SHEET_ALREADY_OFFICIAL"):
            self.assertIn(part, refused.stderr)
        self.assertEqual({"1": "35:00", "2": "36:00"}, self.marks())
        replaced = self.import_sheet(None, "--reason", "read from the photo")
        self.assertEqual(DONE, replaced.returncode, replaced.stderr)
        self.assertEqual("2", self.counts(replaced)["revision"])
        self.assertEqual({"1": "35:00", "2": "36:10"}, self.marks())

    def test_who_may_not_write_and_who_is_not_there_are_told_apart(self):
        done = self.import_sheet(GOOD, PALMARES_TOKEN="")
        self.assertEqual(REFUSED_BY_SERVER, done.returncode, done.stderr)
        self.assertIn("UNAUTHENTICATED", done.stderr)
        done = self.import_sheet(GOOD, PALMARES_SERVER="127.0.0.1:1")
        self.assertEqual(UNREACHABLE, done.returncode, done.stderr)
        self.assert_nothing_written()


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
