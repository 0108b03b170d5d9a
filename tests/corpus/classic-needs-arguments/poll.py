import json
import os
from http.server import BaseHTTPRequestHandler, HTTPServer

settings = json.load(open(os.environ["POLL_SETTINGS"]))


class Poll(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(settings["question"].encode())


HTTPServer(("", int(os.environ["PORT"])), Poll).serve_forever()
