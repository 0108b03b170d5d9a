"""The contenders of direct.py: each puts the closure of a store path into the registry, by commands that are timed.

A contender says what has to be there before its time runs (`ready`), which commands it takes (`steps`), and how to be on
a machine that has never done this before (`begin`, `another_machine`).
"""

import json
import os
import shutil
import subprocess
from pathlib import Path

from beside import FIRST, LAB, REGISTRY_PORT, SECOND, forget, forget_images, run, shell, start_second_engine, stop_second_engine

BENCHES = Path(__file__).resolve().parent
WORK = LAB / "direct"
PROGRAM = os.environ["NIXDYNO"]


def closure(app):
    return run("nix-store", "--query", "--requisites", app).stdout.split()


class Contender:
    def __init__(self, name):
        self.name = name
        self.repository = name.replace(" ", "-").replace(",", "").replace("--", "").lower()
        self.state = WORK / "state"

    @property
    def target(self):
        return f"127.0.0.1:{REGISTRY_PORT}/{self.repository}:latest"

    def begin(self, app):
        """Nothing of what was measured before is left, here or in the registry."""
        forget()
        self.another_machine(app)

    def another_machine(self, app):
        shutil.rmtree(self.state, ignore_errors=True)
        self.state.mkdir(parents=True)

    def ready(self, app):
        pass

    def daemon(self):
        """The process ID of what works beside the client."""

    def end(self):
        pass


class Nixdyno(Contender):
    def __init__(self, name, *flags):
        super().__init__(name)
        self.flags = flags

    @staticmethod
    def there():
        answer = subprocess.run([PROGRAM, "build", "--help"], text=True, capture_output=True)
        return "--store-path" in answer.stdout

    def environment(self):
        # This lab has no Heroku, and so no certificate of its own.
        own = {"SSL_CERT_FILE": "/etc/ssl/certs/ca-certificates.crt", "NO_COLOR": "1"}
        return own | {"XDG_CACHE_HOME": str(self.state), "XDG_STATE_HOME": str(self.state)}

    def steps(self, app):
        return [[PROGRAM, "build", "--store-path", app, "--output", f"docker://{self.target}", "--json", *self.flags]]


class Layered(Contender):
    """The script's plan of layers is a derivation for those who use it, and so made before the time runs."""

    script = ["/usr/bin/python3", str(BENCHES / "layered.py")]

    def ready(self, app):
        paths = self.planned(app)
        references = {path: run("nix-store", "--query", "--references", path).stdout.split() for path in paths}
        plan = run(*self.script, "plan", "layered:latest", input=json.dumps(references)).stdout
        (self.state / "plan").write_text(plan)

    def planned(self, app):
        return closure(app)

    def stream(self):
        return " ".join([*self.script, "stream", str(self.state / "plan")])


class Skopeo(Layered):
    copy = ["skopeo", "copy", "--insecure-policy", "--dest-tls-verify=false"]

    def environment(self):
        # As root it would keep what it remembers in /var/lib, which is the machine's.
        return {"_CONTAINERS_ROOTLESS_UID": "1", "XDG_DATA_HOME": str(self.state), "TMPDIR": str(self.state)}

    def steps(self, app):
        archive = self.state / "archive.tar"
        return [
            ["bash", "-c", f"{self.stream()} > {archive}"],
            [*self.copy, f"docker-archive:{archive}", f"docker://{self.target}"],
        ]


class Kept(Skopeo):
    """On another machine the layers are there, as if from a binary cache, but skopeo has never seen this registry."""

    layers = WORK / "kept"

    def begin(self, app):
        shutil.rmtree(self.layers, ignore_errors=True)
        super().begin(app)

    def end(self):
        shutil.rmtree(self.layers, ignore_errors=True)

    def planned(self, app):
        return [path for path in closure(app) if path != app]

    def steps(self, app):
        return [
            ["/usr/bin/python3", str(BENCHES / "kept.py"), str(self.state / "plan"), str(self.layers), app],
            [*self.copy, "--format=v2s2", f"oci:{self.layers}:kept", f"docker://{self.target}"],
        ]


class Docker(Contender):
    """Another machine is another engine, which has never seen any of this."""

    engine, used = FIRST, False

    def begin(self, app):
        self.used = False
        super().begin(app)

    def another_machine(self, app):
        super().another_machine(app)
        if self.used:
            self.end()
            forget_images()
            start_second_engine()
            self.engine = SECOND
        self.used = True

    def end(self):
        if self.engine == SECOND:
            stop_second_engine()
            self.engine = FIRST

    def daemon(self):
        return int((Path(self.engine.removeprefix("unix://")).parent / "docker.pid").read_text())

    def environment(self):
        return {"DOCKER_HOST": self.engine, "DOCKER_BUILDKIT": "1"}

    def docker(self, script, *words):
        return shell(f'docker() {{ command docker --host "{self.engine}" "$@"; }}\n{script}', *words)


class DockerLoad(Docker, Layered):
    def steps(self, app):
        return [
            ["bash", "-o", "pipefail", "-c", f"{self.stream()} | docker load"],
            ["docker", "tag", "layered:latest", self.target],
            ["docker", "push", self.target],
        ]


class Dockerfile(Docker):
    """The builder's stage is an image that has the closure already: that it builds and copies it aside isn't timed."""

    def __init__(self, name, place, lines):
        super().__init__(name)
        self.place, self.lines = place, lines

    def another_machine(self, app):
        super().another_machine(app)
        paths = [path.lstrip("/") for path in closure(app) if path != app]
        self.docker(
            """
            tar -cC / --mtime=@1 --owner=0 --group=0 --transform 's,^nix,deps/nix,S' \
              --no-recursion nix nix/store --recursion "$@" | docker import - bench-stage:deps
            """,
            *paths,
        )
        (self.state / "Dockerfile").write_text("\n".join(["ARG APP", "FROM bench-stage:${APP} AS build", *self.lines, ""]))

    def ready(self, app):
        # An image that is made again is another image, and Docker would compare its files anew.
        self.docker(
            """
            if docker image inspect "bench-stage:$3" > /dev/null 2>&1; then exit; fi
            container=$(docker create bench-stage:deps none)
            tar -cC / --mtime=@1 --owner=0 --group=0 --transform "s,^nix,$2/nix,S" \
              --no-recursion nix nix/store --recursion "${1#/}" | docker cp - "$container:/"
            docker commit "$container" "bench-stage:$3"
            docker rm "$container"
            """,
            app,
            self.place,
            self.tag(app),
        )

    @staticmethod
    def tag(app):
        return app.removeprefix("/nix/store/")[:32]

    def steps(self, app):
        build = ["docker", "build", "--build-arg", f"APP={self.tag(app)}", "--tag", self.target, str(self.state)]
        return [build, ["docker", "push", self.target]]


ONE_COPY = ["FROM scratch", "COPY --from=build /deps/nix/store /nix/store", 'CMD ["/bin/app"]']
TWO_COPIES = ["FROM scratch", "COPY --from=build /deps /", "COPY --from=build /app /", 'CMD ["/bin/app"]']

CONTENDERS = [
    Nixdyno("nixdyno"),
    Nixdyno("nixdyno --fresh", "--fresh"),
    Dockerfile("one COPY", "deps", ONE_COPY),
    Dockerfile("two COPYs", "app", TWO_COPIES),
    DockerLoad("layered, docker"),
    Skopeo("layered, skopeo"),
    Kept("kept layers, skopeo"),
]
