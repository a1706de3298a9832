"""The bundled sample races: whole manifests, few rows, and each row as its source has it."""
import csv
import os
import tomllib
import unittest
from pathlib import Path

SAMPLES = Path(__file__).resolve().parents[2] / "tools" / "samples"
MANIFESTS = sorted(SAMPLES.glob("*.toml"))
FIRST_OF_A_RACE = 100  # more of a race's rows would be private persons
RACE_DATA = os.environ.get("PALMARES_RACE_DATA")
SOURCE_FOLDERS = {"boston": "boston_2001_2013", "chicago": "chicago_2023"}


def sheets():
    for path in MANIFESTS:
        manifest = tomllib.loads(path.read_text())
        for race in manifest["race"]:
            with open(SAMPLES / race["results"], newline="", encoding="utf-8") as file:
                yield path, manifest, race, list(csv.DictReader(file))


class SamplesTest(unittest.TestCase):
    def test_there_are_several_races_and_each_file_belongs_to_one(self):
        listed = [race["results"] for _, _, race, _ in sheets()]
        self.assertGreaterEqual(len(listed), 3)
        self.assertEqual(sorted(listed), sorted(path.name for path in SAMPLES.glob("*.csv")))

    def test_manifests_name_event_edition_and_race(self):
        for path, manifest, race, rows in sheets():
            with self.subTest(manifest=path.name):
                self.assertEqual({"id", "name", "country", "timezone"}, set(manifest["event"]))
                self.assertEqual(str(manifest["edition"]["date"].year), manifest["edition"]["id"])
                self.assertIn(race["places_by"], ("gun", "chip"))
                for header in list(race.get("columns", {})) + list(race.get("units", {})):
                    self.assertIn(header, rows[0])

    def test_only_the_first_of_a_race_and_nobody_twice(self):
        for path, _, _, rows in sheets():
            with self.subTest(manifest=path.name):
                self.assertLessEqual(len(rows), FIRST_OF_A_RACE)
                self.assertEqual(len({row["bib"] for row in rows}), len(rows))

    def test_places_follow_the_clock_that_the_manifest_names(self):
        for path, _, race, rows in sheets():
            clock = {"gun": "official", "chip": "net"}[race["places_by"]]
            if "overall" not in rows[0]:
                continue
            fields = {}
            for row in rows:
                place, _, field = row["overall"].partition("/")
                wheels = row["bib"].startswith("W")
                fields.setdefault((field.strip(), wheels), []).append((int(place), float(row[clock])))
            for field, places in fields.items():
                with self.subTest(manifest=path.name, field=field):
                    times = [time for _, time in sorted(places)]
                    self.assertEqual(times, sorted(times))


@unittest.skipUnless(RACE_DATA, "PALMARES_RACE_DATA is not set: no source files to compare with")
class SourceTest(unittest.TestCase):
    def test_each_line_stands_in_the_source(self):
        for sample in SAMPLES.glob("*.csv"):
            folder = Path(RACE_DATA) / "results" / SOURCE_FOLDERS[sample.name.split("_")[0]]
            source = folder / sample.name.replace("chicago_", "chicago_marathon_")
            lines = set(source.read_bytes().split(b"\n"))
            for line in sample.read_bytes().split(b"\n"):
                with self.subTest(file=sample.name):
                    self.assertIn(line, lines)


if __name__ == "__main__":
    unittest.main()
