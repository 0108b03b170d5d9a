import os
import sys
from pathlib import Path

from feedgenerator import Rss201rev2Feed

feed = Rss201rev2Feed(title="The fence", link="https://fence.example/", description="This week's notices")
for notice in sorted(Path(os.environ.get("PINFENCE_DIR", "/tmp/pinfence")).glob("*.txt")):
    feed.add_item(title=notice.stem, link="https://fence.example/", description=notice.read_text())
feed.write(sys.stdout, "utf-8")
