import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Orders(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"two orders are open\n")


ThreadingHTTPServer(("", int(os.environ["PORT"])), Orders).serve_forever()
