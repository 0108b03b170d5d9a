import argparse
import os
from pathlib import Path

import redis


def main() -> None:
    parser = argparse.ArgumentParser(description="Put a memo on the list, by hand.")
    parser.add_argument("file", type=Path)
    options = parser.parse_args()
    redis.Redis.from_url(os.environ["REDIS_URL"]).rpush("memos", options.file.read_bytes())
