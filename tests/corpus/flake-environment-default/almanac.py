import os

import bottle


@bottle.get("/")
def week():
    return "broad beans, garlic\n"


def main():
    bottle.run(server="waitress", host="0.0.0.0", port=int(os.environ.get("PORT", "8080")))
