"""Draws throughput and latency by connections, for totpd and Redis, from the lines of a sweep.

Usage: plot.py LOG SVG. It must draw nothing that the log does not say.
"""

import re
import sys

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt  # noqa: E402 (the backend comes first)

LINE = re.compile(
    r"sweep: (totpd|redis), (\d+) connections? x 1: (\d+) replies, 0 unexpected, .*?"
    r" (\d+)/s, p50 (\d+), p99 (\d+), p99\.9 (\d+), max (\d+)"
)
NAMES = {"totpd": "totpd verify", "redis": "Redis INCR, appendfsync always"}
COLOURS = {"totpd": "#0b6e4f", "redis": "#b23a48"}


def read(path):
    """Points by server: (connections, requests a second, p50, p99, p99.9 in µs)."""
    points = {"totpd": [], "redis": []}
    with open(path, encoding="utf-8") as log:
        for line in log:
            if found := LINE.match(line):
                server, connections, _, rate, *times = found.groups()
                points[server].append((int(connections), int(rate), *map(int, times)))
    if not all(points.values()):
        sys.exit(f"plot.py: {path} has no sweep of both servers")
    return points


def draw(points, path):
    plt.rcParams.update({"svg.fonttype": "none", "font.family": "sans-serif", "font.size": 10})
    figure, (rates, times) = plt.subplots(1, 2, figsize=(9, 3.6), constrained_layout=True)
    for server, rows in points.items():
        connections, rate, p50, _, p999, _ = zip(*rows)
        colour, name = COLOURS[server], NAMES[server]
        rates.plot(connections, rate, marker="o", color=colour, label=name)
        times.plot(connections, p50, marker="o", color=colour, label=f"{name}, median")
        times.plot(connections, p999, marker=".", linestyle=":", color=colour, label="99.9 %")
    rates.set(title="durable requests a second", xlabel="connections, one request each")
    times.set(title="latency, µs", xlabel="connections, one request each", yscale="log")
    for axes in (rates, times):
        axes.set_xscale("log")
        axes.grid(alpha=0.3)
        axes.legend(frameon=False, fontsize=8)
    rates.set_ylim(bottom=0)
    figure.savefig(path, format="svg", metadata={"Date": None})


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    draw(read(sys.argv[1]), sys.argv[2])
