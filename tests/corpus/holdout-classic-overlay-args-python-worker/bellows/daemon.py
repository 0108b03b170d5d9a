"""Takes memos from a Redis list and puts the small ones on another."""

import logging
import os
import signal
import subprocess

import redis
from tenacity import retry, wait_exponential

log = logging.getLogger("bellows")
running = True


def stop(*_):
    global running
    running = False


@retry(wait=wait_exponential(max=60))
def convert(memo: bytes) -> bytes:
    command = ["ffmpeg", "-i", "pipe:0", "-f", "ogg", "-b:a", "24k", "pipe:1"]
    return subprocess.run(command, input=memo, capture_output=True, check=True).stdout


def main() -> None:
    logging.basicConfig(level=logging.INFO)
    signal.signal(signal.SIGTERM, stop)
    store = redis.Redis.from_url(os.environ["REDIS_URL"])
    while running:
        job = store.blpop(["memos"], timeout=5)
        if job is None:
            continue
        store.rpush("small-memos", convert(job[1]))
        log.info("one memo done")
