"""Reads the timetable that the ferry company sends as CSV."""

import csv
import sys

TIMETABLE = [("town", "07:10"), ("town", "09:40"), ("island", "08:25")]


def next_departures(pier):
    return [time for at, time in TIMETABLE if at == pier]


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: ferry-import FILE.csv")
    with open(sys.argv[1], newline="") as file:
        for row in csv.reader(file):
            print(*row)
