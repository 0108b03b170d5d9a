import os

import falcon
import waitress


class Nests:
    def __init__(self):
        self.count = {}

    def on_get(self, request, response, tree):
        response.media = {"tree": tree, "nests": self.count.get(tree, 0)}

    def on_put(self, request, response, tree):
        self.count[tree] = int(request.media["nests"])
        response.status = falcon.HTTP_204


app = falcon.App()
app.add_route("/trees/{tree}", Nests())


def serve():
    waitress.serve(app, listen="0.0.0.0:" + os.environ.get("PORT", "8080"))
