"""Prints what Tests/Bench/disks has measured as tables in Markdown: medians over the rounds, and
the least and the most of them. It prints nothing that the log does not say.

Usage: tables.py LOG COMMIT
"""

import re
import statistics
import sys

DISK = re.compile(r"disk: (\d+)")
RUN = re.compile(
    r"(totpd|redis), (\d+) connections? x (\d+): (\d+) replies, 0 unexpected, .*?"
    r" (\d+)/s, p50 (\d+), p99 (\d+), p99\.9 (\d+), max (\d+)"
)
THREADS = re.compile(r"threads, (\d+) connections? x (\d+): (.*) µs a request")
# What NIO calls its threads, and their beginnings.
NAMES = {"NIO-ELT": "event loop", "TP-": "slow pool", "totpd": "others"}


def read(path):
    """Runs by (disk, shape, server): (rate, p50, p99, p99.9 in µs); thread times by (disk, shape)."""
    runs, threads, disk = {}, {}, None
    with open(path, encoding="utf-8") as log:
        for line in log:
            if found := DISK.match(line):
                disk = int(found[1])
            elif found := RUN.match(line):
                server, connections, pipeline, _, rate, *times = found.groups()
                key = (disk, (int(connections), int(pipeline)), server)
                runs.setdefault(key, []).append((int(rate), *map(int, times)))
            elif found := THREADS.match(line):
                shape = (int(found[1]), int(found[2]))
                times = dict(part.rsplit(" ", 1) for part in found[3].split(", "))
                threads.setdefault((disk, shape), []).append(times)
    if not runs:
        raise SystemExit(f"{path}: no runs")
    return runs, threads


def row(*cells):
    print("| " + " | ".join(cells) + " |")


def head(*cells):
    row(*cells)
    print("|" + "---|" * len(cells))


def shape_name(shape):
    return f"{shape[0]} × {shape[1]}"


def disk_name(disk):
    return "this disk" if disk == 0 else f"+{disk / 1000:g} ms"


def thread_name(name):
    return next((ours for start, ours in NAMES.items() if name.startswith(start)), name)


def middle(runs, place):
    return statistics.median(run[place] for run in runs)


def rates(runs, disks, shapes):
    head("connections × pipelined", *(f"{disk_name(disk)}: totpd, Redis, ratio" for disk in disks))
    for shape in shapes:
        cells = []
        for disk in disks:
            ours, theirs = runs[disk, shape, "totpd"], runs[disk, shape, "redis"]
            ratios = [a[0] / b[0] for a, b in zip(ours, theirs)]
            cells.append(
                f"{middle(ours, 0):,.0f}/s, {middle(theirs, 0):,.0f}/s, "
                f"**{statistics.median(ratios):.2f}** ({min(ratios):.2f} to {max(ratios):.2f})"
            )
        row(shape_name(shape), *cells)


def latencies(runs, disks, shapes):
    head("p50, p99, p99.9 in ms", *(disk_name(disk) for disk in disks))
    for shape in shapes:
        for server in ("totpd", "redis"):
            row(
                f"{shape_name(shape)}, {server}",
                *(
                    ", ".join(f"{middle(runs[disk, shape, server], i) / 1000:.2f}" for i in (1, 2, 3))
                    for disk in disks
                ),
            )


def processor(threads, disks, shapes):
    head("processor time of a verify in µs, by thread", *(disk_name(disk) for disk in disks))
    for shape in shapes:
        cells = []
        for disk in disks:
            rounds = threads[disk, shape]
            names = {name for times in rounds for name in times}
            each = {
                name: statistics.median(float(times.get(name, 0)) for times in rounds)
                for name in names
            }
            busiest = sorted(each.items(), key=lambda item: -item[1])
            cells.append(
                ", ".join(
                    f"{thread_name(name)} {time:.1f}" for name, time in busiest if time >= 0.05
                )
            )
        row(shape_name(shape), *cells)


def main():
    runs, threads = read(sys.argv[1])
    disks = sorted({disk for disk, _, _ in runs})
    shapes = sorted({shape for _, shape, _ in runs})
    rounds = max(len(each) for each in runs.values())
    print(f"Commit {sys.argv[2]}, {rounds} rounds.\n")
    rates(runs, disks, shapes)
    print()
    latencies(runs, disks, shapes)
    print()
    processor(threads, disks, shapes)


main()
