import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Store(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"honey, wax, candles\n")


ThreadingHTTPServer(("", int(os.environ["PORT"])), Store).serve_forever()
