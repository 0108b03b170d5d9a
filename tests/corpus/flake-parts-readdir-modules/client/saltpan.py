"""Ask a hub how salty the ponds are."""

import argparse

import requests


def main():
    parser = argparse.ArgumentParser(prog="saltpan", description=__doc__)
    parser.add_argument("hub", help="address of the hub")
    parser.add_argument("pond", type=int)
    asked = parser.parse_args()
    answer = requests.get(f"{asked.hub}/ponds/{asked.pond}", timeout=10)
    answer.raise_for_status()
    print(answer.json()["salinity"])
