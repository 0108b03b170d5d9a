#!/usr/bin/env python3
"""Draw the charts of a JSON file as one SVG, side by side, each line with the straight line that fits it best.

usage: plot.py POINTS.json CHART.svg

    {"charts": [{"x": "store paths", "y": "seconds", "series": [{"name": "first", "points": [[10, 0.2], …]}, …]}, …]}
"""

import html
import json
import math
import sys
from pathlib import Path

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 460, 320, 60, 16, 20, 48
KEY = 18
COLOURS = ("#0b62a4", "#c4420e", "#2f7d32", "#7a3e9d", "#8a6d00", "#00838f", "#ad1457", "#455a64", "#5d4037")


def fit(points):
    """Least squares: where it begins and how it climbs; and the part of the spread that it explains."""
    count = len(points)
    middle_x, middle_y = (sum(point[axis] for point in points) / count for axis in (0, 1))
    spread = sum((x - middle_x) ** 2 for x, _ in points)
    slope = sum((x - middle_x) * (y - middle_y) for x, y in points) / spread if spread else 0
    start = middle_y - slope * middle_x
    missed = sum((y - start - slope * x) ** 2 for x, y in points)
    all_of_it = sum((y - middle_y) ** 2 for _, y in points)
    return start, slope, 1 - missed / all_of_it if all_of_it else 1


def steps(most):
    """Round numbers from nothing to beyond the most, five or so."""
    if most <= 0:
        return [0, 1]
    rough = most / 5
    power = 10 ** math.floor(math.log10(rough))
    step = next(times * power for times in (1, 2, 5, 10) if times * power >= rough)
    return [number * step for number in range(math.ceil(most / step) + 1)]


def text(x, y, what, more=""):
    return f'<text x="{x:.1f}" y="{y:.1f}" {more}>{html.escape(what)}</text>'


def line(x1, y1, x2, y2, more):
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" {more}/>'


def number(value):
    return f"{value:,.6g}"


def axes(chart, xs, ys, place_x, place_y):
    for tick in xs:
        yield line(place_x(tick), TOP, place_x(tick), HEIGHT - BOTTOM, 'stroke="#ddd"')
        yield text(place_x(tick), HEIGHT - BOTTOM + 16, number(tick), 'text-anchor="middle"')
    for tick in ys:
        yield line(LEFT, place_y(tick), WIDTH - RIGHT, place_y(tick), 'stroke="#ddd"')
        yield text(LEFT - 6, place_y(tick) + 4, number(tick), 'text-anchor="end"')
    yield line(LEFT, TOP, LEFT, HEIGHT - BOTTOM, 'stroke="#333"')
    yield line(LEFT, HEIGHT - BOTTOM, WIDTH - RIGHT, HEIGHT - BOTTOM, 'stroke="#333"')
    yield text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12, chart["x"], 'text-anchor="middle"')
    middle = (TOP + HEIGHT - BOTTOM) / 2
    yield text(14, middle, chart["y"], f'text-anchor="middle" transform="rotate(-90 14 {middle:.1f})"')


def draw(chart):
    points = [point for series in chart["series"] for point in series["points"]]
    xs, ys = (steps(max((point[axis] for point in points), default=1)) for axis in (0, 1))
    place_x = lambda x: LEFT + x / xs[-1] * (WIDTH - LEFT - RIGHT)
    place_y = lambda y: HEIGHT - BOTTOM - y / ys[-1] * (HEIGHT - TOP - BOTTOM)
    yield from axes(chart, xs, ys, place_x, place_y)
    for row, series in enumerate(chart["series"]):
        colour = COLOURS[row % len(COLOURS)]
        start, slope, sure = fit(series["points"])
        # The line ends with its points, and nothing is below nothing.
        first, last = (end(x for x, _ in series["points"]) for end in (min, max))
        ends = [coordinate for x in (first, last) for coordinate in (place_x(x), place_y(max(0, start + slope * x)))]
        yield line(*ends, f'stroke="{colour}" stroke-width="1.5" stroke-dasharray="5 3"')
        for x, y in series["points"]:
            yield f'<circle cx="{place_x(x):.1f}" cy="{place_y(y):.1f}" r="3.5" fill="{colour}"/>'
        low = HEIGHT + KEY * row
        yield f'<circle cx="{LEFT}" cy="{low + 6}" r="4" fill="{colour}"/>'
        sign = "+" if slope >= 0 else "−"
        yield text(LEFT + 10, low + 10, f"{series['name']}: {start:.3g} {sign} {abs(slope):.3g} x  (R² {sure:.3f})")


def main():
    source, target = map(Path, sys.argv[1:])
    charts = json.loads(source.read_text())["charts"]
    height = HEIGHT + KEY * max(len(chart["series"]) for chart in charts) + 8
    width = WIDTH * len(charts)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        'font-family="sans-serif" font-size="12">',
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
    ]
    for at, chart in enumerate(charts):
        lines += [f'<g transform="translate({at * WIDTH} 0)">', *draw(chart), "</g>"]
    target.write_text("\n".join([*lines, "</svg>", ""]))


main()
