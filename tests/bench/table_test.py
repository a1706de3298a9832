"""The table of tools/bench says what was measured, and never more."""
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import table  # noqa: E402


def sample(measure, contender, value, unit):
    return {"measure": measure, "contender": contender, "value": value, "unit": unit, "round": 0}


def row_of(rows, measure, contender):
    (row,) = [row for row in rows if (row["measure"], row["contender"]) == (measure, contender)]
    return row


class TableTest(unittest.TestCase):
    def test_medians_and_spreads_are_of_all_rounds(self):
        rows = table.summarize([sample("rank", "palmares", value, "ranks/s") for value in (30, 10, 20)])
        self.assertEqual(rows[0]["value"], 20)
        self.assertEqual(rows[0]["spread"], 1.0)
        self.assertEqual(rows[0]["runs"], 3)

    def test_a_ratio_above_one_means_that_palmares_is_better_also_where_less_is_better(self):
        rows = table.summarize([sample("rank", "palmares", 30, "ranks/s"), sample("rank", "postgresql", 10, "ranks/s"),
                                sample("disk per result", "palmares", 30, "B"), sample("disk per result", "sqlite", 90, "B")])
        self.assertEqual(row_of(rows, "rank", "postgresql")["ratio"], 3)
        self.assertEqual(row_of(rows, "disk per result", "sqlite")["ratio"], 3)
        self.assertIsNone(row_of(rows, "rank", "palmares")["ratio"])

    def test_a_figure_that_loses_is_printed_with_its_target(self):
        rows = table.summarize([sample("rank", "palmares", 5, "ranks/s"), sample("rank", "postgresql", 10, "ranks/s")])
        text = table.render(rows, {"results": 1000, "rounds": 1, "processors": 2, "load_at_end": 0})
        line = [line for line in text.splitlines() if "postgresql" in line][0]
        self.assertEqual(line.split(), ["postgresql", "10", "ranks/s", "0.50×", "12×", "25×"])

    def test_targets_hold_for_a_measure_with_its_size(self):
        self.assertEqual(table.targets_of("start-up, 10 M results", None), ("< 2 s", "< 0.7 s"))
        self.assertEqual(table.targets_of("rank, 100 together", "redis"), (1, 2))
        self.assertEqual(table.targets_of("rank, 100 together", "grpc echo"), (None, None))

    def test_the_time_beyond_the_echo_is_palmares_less_the_echos(self):
        measure = "page of 100: processor time in the server"
        rows = table.summarize([sample(measure, "palmares", 90, "us/call"), sample(measure, "grpc echo", 60, "us/call")])
        self.assertEqual(row_of(rows, "page of 100: beyond the echo's processor time", "palmares")["value"], 30)


if __name__ == "__main__":
    unittest.main()
