import html
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

NOTICES = Path(os.environ.get("PINFENCE_DIR", "/tmp/pinfence"))


class Fence(BaseHTTPRequestHandler):
    def do_GET(self):
        notices = sorted(NOTICES.glob("*.txt"), reverse=True)
        page = "".join(f"<article>{html.escape(n.read_text())}</article>" for n in notices)
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(page.encode())

    def do_POST(self):
        text = self.rfile.read(int(self.headers["Content-Length"]))
        NOTICES.mkdir(parents=True, exist_ok=True)
        (NOTICES / f"{len(list(NOTICES.iterdir())):06}.txt").write_bytes(text)
        self.send_response(201)
        self.end_headers()


port = int(os.environ.get("PORT", "8020"))
ThreadingHTTPServer(("127.0.0.1", port), Fence).serve_forever()
