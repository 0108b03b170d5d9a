"""A guestbook: visitors leave a line, and see those of the others until the dyno restarts."""
import html
import os
import signal
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

PAGE = """<!doctype html>
<meta charset="utf-8">
<title>Guestbook</title>
<style>body {{ font: 1.1em sans-serif; max-width: 34em; margin: 3em auto }} footer {{ color: #777 }}</style>
<h1>Guestbook</h1>
<form method="post"><input name="line" maxlength="200" autofocus> <button>Sign</button></form>
<ul>{lines}</ul>
<footer>release {release}, dyno {dyno}, Python {python}</footer>
"""
MAX_LINES = 100
MAX_BODY = 4096
lines = []


class Guestbook(BaseHTTPRequestHandler):
    def do_GET(self):
        page = PAGE.format(
            lines="".join(f"<li>{html.escape(line)}</li>" for line in reversed(lines)),
            release=html.escape(os.environ.get("HEROKU_RELEASE_VERSION", "none")),
            dyno=html.escape(os.environ.get("DYNO", "none")),
            python=sys.version.split()[0],
        ).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def do_POST(self):
        length = min(int(self.headers.get("Content-Length", 0)), MAX_BODY)
        form = parse_qs(self.rfile.read(length).decode(errors="replace"))
        lines.extend(form.get("line", []))
        del lines[:-MAX_LINES]
        self.send_response(303)
        self.send_header("Location", "/")
        self.send_header("Content-Length", "0")
        self.end_headers()


def main():
    port = int(os.environ.get("PORT", "8000"))
    server = ThreadingHTTPServer(("0.0.0.0", port), Guestbook)
    # shutdown() waits for the loop that the handler interrupts, so it needs a thread of its own.
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    print(f"guestbook: listening on port {port}")
    server.serve_forever(poll_interval=0.1)
    print("guestbook: goodbye")


if __name__ == "__main__":
    main()
