import json
import os
import sys

import uvicorn

from glasshouse.api import app


def main():
    if "--print-openapi" in sys.argv:
        json.dump(app.openapi(), sys.stdout)
        return
    uvicorn.run(app, host="127.0.0.1", port=int(os.environ.get("PORT", "8000")))


if __name__ == "__main__":
    main()
