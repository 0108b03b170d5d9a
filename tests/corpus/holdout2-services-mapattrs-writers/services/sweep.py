import os
import time
from pathlib import Path

month = 30 * 24 * 3600
for notice in Path(os.environ.get("PINFENCE_DIR", "/tmp/pinfence")).glob("*.txt"):
    if time.time() - notice.stat().st_mtime > month:
        notice.unlink()
