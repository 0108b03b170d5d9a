"""Shows which tools are at hand: a page with the programs of every store path named in a file."""
import html
import os
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class Tools(BaseHTTPRequestHandler):
    def do_GET(self):
        tools = [Path(line) for line in Path(sys.argv[1]).read_text().split()]
        names = sorted(program.name for tool in tools for program in tool.glob("bin/*"))
        page = "".join(f"<li>{html.escape(name)}</li>" for name in names).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)


ThreadingHTTPServer(("0.0.0.0", int(os.environ.get("PORT", "8000"))), Tools).serve_forever()
