# SPDX-License-Identifier: Apache-2.0
"""The figure of the wall times."""

from html import escape

COLORS = {
    "served": "#0b6e4f", "jrunc25": "#8fc7ae", "runc": "#a33b20", "runc13": "#d98a73",
    "crun": "#22577a", "crun13": "#7ba9c4",
}
SERIES = ("state", "kill", "list", "exec", "run", "life", "docker-run", "docker-life")
LEFT, BAR, GAP, WIDTH = 230, 11, 16, 560
END = 60  # for the figure beside the longest bar


def drawn(results):
    """Bars of each series, as long as it takes beside the slowest one without a JVM's start."""
    from bench.series import TITLES

    runtimes = [r for r in results["runtimes"] if r.name in COLORS]
    times = results["times"]
    lines, y = [], 40
    for runtime in runtimes:
        x = LEFT + runtimes.index(runtime) * 110
        lines.append(f'<rect x="{x}" y="10" width="10" height="10" fill="{COLORS[runtime.name]}"/>')
        lines.append(f'<text x="{x + 14}" y="19">{escape(runtime.title)}</text>')
    for name in SERIES:
        slowest = max(times[name, r.name].wall for r in runtimes if not r.is_cold)
        middle = y + len(runtimes) * BAR / 2 + 4
        lines.append(f'<text x="{LEFT - 8}" y="{middle}" text-anchor="end">{escape(TITLES[name])}</text>')
        for runtime in runtimes:
            wall = times[name, runtime.name].wall
            width = min(wall / slowest, 1.0) * WIDTH
            longer = " →" if wall > slowest else ""
            lines.append(
                f'<rect x="{LEFT}" y="{y}" width="{width:.1f}" height="{BAR - 2}"'
                f' fill="{COLORS[runtime.name]}"/>')
            lines.append(f'<text x="{LEFT + width + 4:.1f}" y="{y + 8}">{wall:.1f} ms{longer}</text>')
            y += BAR
        y += GAP
    width = max(LEFT + WIDTH + END, LEFT + len(runtimes) * 110)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{y}"'
        f' font-family="sans-serif" font-size="10">\n'
        '<title>Wall time of commands: shorter is better</title>\n'
        '<rect width="100%" height="100%" fill="white"/>\n' + "\n".join(lines) + "\n</svg>\n")
