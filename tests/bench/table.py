"""The table of tools/bench: medians, spreads, ratios and targets."""
import statistics

# Measure → contender to be compared with (None: the value itself) → must, aim. Of ratios more is better; of a value that
# must be at most the target, the target is written with "<".
TARGETS = {
    "durable ingest": {"postgresql": (5, 8), "rocksdb keys": (6, 12)},
    "single results, 64 under way": {"grpc echo": (0.3, 0.6)},
    "rank": {"grpc echo": (0.9, 0.97), "postgresql": (12, 25)},
    "rank, 100 together": {"redis": (1, 2)},
    "history": {"postgresql": (0.35, 1)},
    "history, 100 together": {"postgresql": (2, 5)},
    "history, streamed": {"postgresql": (2, 5)},
    "page of 100: beyond the echo's processor time": {None: ("< 100 us", None)},
    "page of 100 of all: beyond the echo's processor time": {None: ("< 100 us", None)},
    "filtered list": {None: ("< 50 ms", None)},
    "search": {None: ("< 5 ms", None)},
    "portfolio as HTML": {None: ("< 20 ms", None)},
    "portfolio as PDF": {None: ("< 2000 ms", None)},
    "linking of rows without ids": {None: ("50000 rows/s", None)},
    "linking of a row in process": {None: ("50000 rows/s", None)},
    "disk per result": {None: ("< 45 B", "< 30 B")},
    "memory per result": {None: ("< 90 B", "< 60 B")},
    "start-up": {None: ("< 2 s", "< 0.7 s")},
    "CSV parsing": {None: ("1 GB/s", "1.7 GB/s")},
    "rank in process": {None: ("< 1000 ns", "< 300 ns")},
    "points of a mark": {None: ("< 100 ns", None)},
    "mark for points": {None: ("< 100 ns", None)},
    "result score of a mark": {None: ("< 100 ns", None)},
    "age grade of a mark": {None: ("< 100 ns", None)},
    "discipline by its code": {None: ("< 100 ns", None)},
    "an athlete against 500 standards": {None: ("< 1000 us", None)},
}
LESS_IS_BETTER = ("ns", "us", "us/call", "ms", "s", "B", "%")
PROCESSOR_TIME = ": processor time in the server"


def targets_of(measure, contender):
    """A measure may say its size after a comma: that of the longest name that begins it holds."""
    for name in (measure, measure.rpartition(",")[0]):
        if name in TARGETS:
            return TARGETS[name].get(contender, (None, None))
    return (None, None)


def beyond_the_echo(rows):
    """What a call costs the server's processors beyond what the same messages cost a server that does nothing."""
    values = {(row["measure"], row["contender"]): row for row in rows}
    for (measure, contender), row in values.items():
        echo = values.get((measure, "grpc echo"))
        if contender != "palmares" or echo is None or PROCESSOR_TIME not in measure:
            continue
        yield {**row, "measure": measure.replace(PROCESSOR_TIME, ": beyond the echo's processor time"),
               "value": row["value"] - echo["value"], "unit": "us", "spread": None}


def summarize(samples):
    """One row for each measure and contender, in the order in which they were measured; Palmares' comes first."""
    values = {}
    for sample in samples:
        values.setdefault((sample["measure"], sample["contender"], sample["unit"]), []).append(sample["value"])
    rows = []
    for (measure, contender, unit), list_of_values in values.items():
        median = statistics.median(list_of_values)
        spread = (max(list_of_values) - min(list_of_values)) / median if median and len(list_of_values) > 1 else None
        rows.append({"measure": measure, "contender": contender, "value": median, "unit": unit, "spread": spread,
                     "runs": len(list_of_values)})
    rows += list(beyond_the_echo(rows))
    order = {}
    for row in rows:
        order.setdefault(row["measure"], len(order))
    rows.sort(key=lambda row: (order[row["measure"]], row["contender"] != "palmares"))
    ours = {row["measure"]: row["value"] for row in rows if row["contender"] == "palmares"}
    for row in rows:
        palmares, other = ours.get(row["measure"]), row["value"]
        row["ratio"] = None
        if row["contender"] != "palmares" and palmares and other:
            row["ratio"] = other / palmares if row["unit"] in LESS_IS_BETTER else palmares / other
        own = None if row["contender"] == "palmares" else row["contender"]
        row["must"], row["aim"] = targets_of(row["measure"], own)
    return rows


def number(value):
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def target(value):
    return "" if value is None else value if isinstance(value, str) else f"{value:g}×"


def render(rows, about):
    lines = [("measure", "contender", "median", "", "spread", "Palmares is", "must", "aim")]
    last = None
    for row in rows:
        lines.append((row["measure"] if row["measure"] != last else "", row["contender"], number(row["value"]), row["unit"],
                      "" if row["spread"] is None else f"{100 * row['spread']:.0f} %",
                      "" if row["ratio"] is None else f"{row['ratio']:.2f}×", target(row["must"]), target(row["aim"])))
        last = row["measure"]
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    right = (2, 4, 5, 6, 7)
    text = [f"{about['results']:,} results, {about['rounds']} rounds, {about['processors']} processors,"
            f" load {about['load_at_end']:.1f} at the end. Spread: from the least to the most of the rounds."
            " Palmares is so many times as good as the contender of the line.", ""]
    for line in lines:
        cells = [cell.rjust(width) if column in right else cell.ljust(width)
                 for column, (cell, width) in enumerate(zip(line, widths))]
        text.append("  ".join(cells).rstrip())
    return "\n".join(text)
