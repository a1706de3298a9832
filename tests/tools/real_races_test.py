"""Whole editions of the Boston, Berlin and Chicago Marathons through the programs as they are installed: a manifest, one command,
and what the server then says of the race is what the file says, read here by a few lines of its own.

  real_races_test.py PALMARESD PALMARES [YEAR...]     # without a year: all of Boston that there are, some seconds each
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
RACE_DATA = os.environ.get("PALMARES_RACE_DATA")
RESULTS = Path(RACE_DATA or ".") / "results"
FOLDER = RESULTS / "boston_2001_2013"
DAYS = {2001: "04-16", 2002: "04-15", 2003: "04-21", 2004: "04-19", 2005: "04-18", 2006: "04-17", 2007: "04-16",
        2008: "04-21", 2009: "04-20", 2010: "04-19", 2011: "04-18", 2012: "04-16", 2013: "04-15"}
YEARS = [int(year) for year in sys.argv[3:]] or sorted(DAYS)
CLOCKS = {"official": "gun_time", "net": "chip_time"}

MANIFEST = """[event]
id = "boston-marathon"
name = "Boston Marathon"
country = "USA"
timezone = "America/New_York"
[edition]
id = "{year}"
date = {year}-{day}
[[race]]
id = "open"
name = "Open"
discipline = "marathon"
places_by = "{places_by}"
results = "{file}"
[race.columns]
{columns}
[race.units]
{units}
"""


BERLIN = """[event]
id = "berlin-marathon"
name = "Berlin Marathon"
country = "GER"
timezone = "Europe/Berlin"
[edition]
id = "{year}"
date = {year}-09-{day}
[[race]]
id = "open"
name = "Open"
discipline = "marathon"
places_by = "chip"
results = "{file}"
[race.columns]
clockTime = "gun_time"
netTime = "chip_time"
[race.units]
clockTime = "seconds"
netTime = "seconds"
"""

CHICAGO = """[event]
id = "chicago-marathon"
name = "Chicago Marathon"
country = "USA"
timezone = "America/Chicago"
[edition]
id = "2023"
date = 2023-10-08
[[race]]
id = "open"
name = "Open"
discipline = "marathon"
places_by = "chip"
results = "{file}"
[race.columns]
t_finish = "chip_time"
"""


def rows_in(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def rows_of(year):
    return rows_in(FOLDER / f"boston_{year}.csv")


def of_seconds(seconds):
    return "%d:%02d:%02d" % (seconds // 3600, seconds // 60 % 60, seconds % 60)


def mark_of(minutes):
    """Decimal minutes of two decimals: the only whole second within them, as the sport prints it."""
    return of_seconds(round(float(minutes) * 60))


def ranked(marks):
    """Rank and mark of each, 1-1-3."""
    ordered = sorted(marks, key=lambda mark: (len(mark), mark))
    first = {}
    for position, mark in enumerate(ordered, 1):
        first.setdefault(mark, position)
    return [(str(first[mark]), mark) for mark in ordered]


class ServedTest(unittest.TestCase):
    """A server of its own, and the client."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.root = Path(folder.name)
        command = [PALMARESD, "--data", str(cls.root / "data"), "--listen", "127.0.0.1:0"]
        cls.server = subprocess.Popen(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        cls.addClassCleanup(cls.stop)
        cls.address = cls.server.stdout.readline().split()[-1]

    @classmethod
    def stop(cls):
        cls.server.terminate()
        cls.server.wait()
        cls.server.stdout.close()

    def run_palmares(self, *arguments):
        environment = dict(os.environ, PALMARES_SERVER=self.address)
        command = [PALMARES, *arguments, "--token-file", str(self.root / "data" / "operator.token")]
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)

    def palmares(self, *arguments):
        done = self.run_palmares(*arguments)
        self.assertEqual(0, done.returncode, done.stderr)
        return done.stdout

    def table(self, *arguments):
        return list(csv.DictReader(self.palmares(*arguments, "--output", "csv").splitlines()))

    def manifest(self, name, text):
        path = self.root / name
        path.write_text(text)
        return str(path)

    def total(self, race):
        return json.loads(self.palmares("results", "list", race, "--limit", "1", "--output", "json"))["totalSize"]

    def top(self, sex, season, count):
        listed = self.table("rankings", "list", "--discipline", "marathon", "--sex", sex, "--season", season,
                            "--limit", str(count))
        return [(row["mark"], row["name"]) for row in listed]


@unittest.skipUnless(RACE_DATA, "PALMARES_RACE_DATA is not set: no real races")
class BostonTest(ServedTest):
    def import_edition(self, year):
        clocks = {header: field for header, field in CLOCKS.items() if header in rows_of(year)[0]}
        text = MANIFEST.format(year=year, day=DAYS[year], places_by="chip" if year == 2012 else "gun",
                               file=FOLDER / f"boston_{year}.csv",
                               columns="\n".join(f'{header} = "{field}"' for header, field in clocks.items()),
                               units="\n".join(f'{header} = "decimal-minutes"' for header in clocks))
        (self.root / f"{year}.toml").write_text(text)
        return json.loads(self.palmares("import", str(self.root / f"{year}.toml"), "--output", "json"))["report"]

    def test_each_edition_is_imported_by_one_command_with_every_row_of_its_file(self):
        for year in YEARS:
            with self.subTest(year=year):
                rows = rows_of(year)
                distinct = len({tuple(row.items()) for row in rows})
                report = self.import_edition(year)
                self.assertTrue(report["accepted"])
                self.assertEqual(len(rows), report["rowsRead"])
                self.assertEqual(distinct, report["rowsAccepted"])
                self.assertEqual(distinct, report["rowsAdded"])
                self.assertEqual(len(rows) - distinct, report.get("rowsSkipped", 0))
                self.assertEqual(0, report.get("rowsRejected", 0))
                repeated = [issue for issue in report.get("issues", []) if issue["code"] == "REPEATED_ROW"]
                self.assertEqual(len(rows) - distinct, len(repeated), "each row that is left out is named")
                self.assertEqual(distinct, self.total(f"{year}/races/open"))
                again = self.import_edition(year)
                self.assertTrue(again["unchanged"])
        if 2013 in YEARS:
            self.look_at_2013()

    def look_at_2013(self):
        rows = {tuple(row.items()): row for row in rows_of(2013)}.values()
        wheels = [row for row in rows if row["bib"].startswith("W")]
        runners = [row for row in rows if not row["bib"].startswith("W")]
        listed = self.table("results", "list", "2013/races/open")
        self.assertEqual(["1", "2:10:22", "Lelisa Desisa", "running"],
                         [listed[0][column] for column in ("place", "mark", "name", "division")])
        divisions = {row["bib"]: row["division"] for row in listed}
        self.assertEqual({"wheelchair"}, {divisions[row["bib"]] for row in wheels})
        self.assertEqual({"running"}, {divisions[row["bib"]] for row in runners})

        first = {}
        for sex, code, options in (("M", "M", []), ("W", "F", ["--all-performances"])):
            season = ["rankings", "list", "--discipline", "marathon", "--sex", sex, "--season", "2013", *options]
            for division, of in (("running", runners), ("wheelchair", wheels)):
                wanted = ranked([mark_of(row["official"]) for row in of if row["gender"] == code])
                told = self.table(*season, "--division", division)
                self.assertEqual(wanted, [(row["rank"], row["mark"]) for row in told], (sex, division))
                first[sex, division] = told[0]
            self.assertEqual(first[sex, "running"], self.table(*season, "--limit", "1")[0], "runners, unless asked otherwise")
        self.assertEqual("2:10:22", first["M", "running"]["mark"])
        self.assertEqual("Lelisa Desisa", first["M", "running"]["name"])
        self.assertLess(first["M", "wheelchair"]["mark"], "2:00:00", "who would lead the runners' list")


@unittest.skipUnless(RACE_DATA, "PALMARES_RACE_DATA is not set: no real races")
class BerlinAndChicagoTest(ServedTest):
    def test_berlin_is_imported_whole_with_both_clocks(self):
        for year, day in ((2010, 26), (2011, 25)):
            with self.subTest(year=year):
                file = RESULTS / "berlin" / f"berlin_{year}.csv"
                rows = rows_in(file)
                manifest = self.manifest(f"berlin_{year}.toml", BERLIN.format(year=year, day=day, file=file))
                report = json.loads(self.palmares("import", manifest, "--output", "json"))["report"]
                self.assertTrue(report["accepted"])
                for count in ("rowsRead", "rowsAccepted", "rowsAdded"):
                    self.assertEqual(len(rows), report[count], count)
                self.assertEqual(0, report.get("rowsRejected", 0))
                race = f"berlin-marathon/editions/{year}/races/open"
                self.assertEqual(len(rows), self.total(race))
                listed = self.table("results", "list", race, "--limit", "100")
                gun, chip = ([of_seconds(int(row[clock])) for row in rows] for clock in ("clockTime", "netTime"))
                self.assertEqual(list(zip([row["place"] for row in rows], gun, chip))[:100],
                                 [(row["place"], row["gun"], row["chip"]) for row in listed])
                for sex in "MW":
                    of_sex = [(mark, row["name"]) for mark, row in zip(chip, rows) if row["sex"] == sex]
                    self.assertEqual(sorted(of_sex)[:3], self.top(sex, str(year), 3))

    def test_chicago_is_refused_for_one_bib_that_two_have_and_imported_without_the_second(self):
        file = RESULTS / "chicago_2023" / "chicago_marathon_2023.csv"
        rows = rows_in(file)
        first_row = {}
        repeated = []
        for number, row in enumerate(rows, 2):  # the header is row 1; no cell of the file has a line end
            if first_row.setdefault(row["bib"], number) != number:
                repeated.append((number, row["bib"], first_row[row["bib"]]))
        [(number, bib, first)] = repeated
        named = f'{file} row {number}, bib "{bib}": row {first} has the same bib; want each bib once'
        manifest = self.manifest("chicago.toml", CHICAGO.format(file=file))
        refused = self.run_palmares("import", manifest, "--output", "csv")
        self.assertEqual(1, refused.returncode)
        self.assertEqual([f"palmares: {named}"], refused.stderr.splitlines())
        self.assertEqual(3, self.run_palmares("races", "show", "chicago-marathon/editions/2023/races/open").returncode)

        partial = self.run_palmares("import", manifest, "--output", "csv", "--allow-partial")
        self.assertEqual(1, partial.returncode)
        self.assertEqual([f"palmares: {named}"], partial.stderr.splitlines())
        [counts] = csv.DictReader(partial.stdout.splitlines())
        wanted = {"accepted": "true", "rows_read": str(len(rows)), "rows_accepted": str(len(rows) - 1), "rows_rejected": "1",
                  "rows_added": str(len(rows) - 1)}
        self.assertEqual(wanted, {column: counts[column] for column in wanted})
        self.assertEqual(len(rows) - 1, self.total("chicago-marathon/editions/2023/races/open"))
        for sex, gender in (("M", "Male"), ("W", "Female"), ("X", "Non-binary")):
            fastest = sorted(row["t_finish"].lstrip("0") for row in rows if row["gender"] == gender)[:3]
            self.assertEqual(fastest, [mark for mark, _ in self.top(sex, "2023", 3)], gender)
        self.assertEqual([("2:00:35", "Kelvin Kiptum"), ("2:04:02", "Benson Kipruto"), ("2:04:32", "Bashir Abdi")],
                         self.top("M", "2023", 3))
        self.assertEqual([("2:13:44", "Sifan Hassan"), ("2:15:37", "Ruth Chepngetich"), ("2:17:09", "Megertu Alemu")],
                         self.top("W", "2023", 3))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
