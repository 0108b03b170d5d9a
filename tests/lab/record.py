#!/usr/bin/env python3
r"""Record commands in a terminal of 100 columns as an SVG picture.

usage: tests/lab/record.py OUT.svg COMMAND...

Each COMMAND is a line for sh. What is shown is what was typed: `typed ::: run` shows `typed` and runs
`run`, for paths and certificates that only the lab needs. Colours are kept. Of a long output of the
build, indented lines in its middle are left out, and a line says how many.

The picture of the README, with LOOPBACK_HEROKU and NIXDYNO_BASE set:
  cargo build --release
  tests/lab/run.sh /usr/bin/python3 tests/lab/record.py .github/deploy.svg \
    'nixdyno deploy -a hello-nix --create ::: cd examples/static-binary && ../../target/release/nixdyno deploy -a hello-nix --create' \
    'curl https://hello-nix.localhost/ ::: curl -s --cacert "$SSL_CERT_FILE" https://hello-nix.localhost/'
"""
import fcntl
import html
import os
import pty
import re
import struct
import sys
import termios

COLUMNS, ROWS = 100, 50
# A run of at least LONG indented lines keeps HEAD at its start and TAIL at its end.
LONG, HEAD, TAIL = 12, 2, 3
CHAR, LINE, MARGIN = 8.43, 19, 20
BACKGROUND, TEXT, DIM = "#16161e", "#c8d0e0", "#7c849c"
COLORS = {31: "#f7768e", 32: "#9ece6a", 33: "#e0af68", 34: "#7aa2f7", 35: "#bb9af7", 36: "#7dcfff", 90: DIM}
FONT = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', monospace"
SGR = re.compile(r"\x1b\[([0-9;]*)m")
OTHER = re.compile(r"\x1b\[[0-9;?]*[A-Za-ln-z]|\x1b\][^\x07]*\x07|\x1b[()][A-Z0-9]")


def run(command):
    """The command's output, as a terminal got it, and its exit code."""
    child, terminal = pty.fork()
    if child == 0:
        os.environ.update(TERM="xterm-256color", COLUMNS=str(COLUMNS), LINES=str(ROWS))
        os.execvp("sh", ["sh", "-c", command])
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    output = b""
    while True:
        try:
            chunk = os.read(terminal, 65536)
        except OSError:  # how Linux says that the other side is closed
            break
        if not chunk:
            break
        output += chunk
        sys.stderr.buffer.write(chunk)
        sys.stderr.flush()
    _, status = os.waitpid(child, 0)
    return output.decode(errors="replace"), os.waitstatus_to_exitcode(status)


def lines_of(output):
    """Lines as they stand on the screen in the end: what a carriage return went over is gone."""
    text = OTHER.sub("", output.replace("\r\n", "\n"))
    lines = [line.split("\r")[-1].rstrip() for line in text.split("\n")]
    return lines[:-1] if lines and not lines[-1] else lines


def is_echo(line):
    """Docker puts empty lines between its steps; they go with what is around them."""
    plain = SGR.sub("", line)
    return not plain or plain.startswith("       ")


def trim(lines):
    """Leaves out the middle of long runs of indented lines, which are other programs' output."""
    kept, start = [], 0
    while start < len(lines):
        end = start
        while end < len(lines) and is_echo(lines[end]) == is_echo(lines[start]):
            end += 1
        block = lines[start:end]
        if is_echo(lines[start]) and len(block) >= LONG:
            left_out = len(block) - HEAD - TAIL
            block[HEAD:-TAIL] = [f"       \x1b[90m… {left_out} lines of output left out\x1b[0m"]
        kept += block
        start = end
    return kept


def cut(line, columns):
    """The line's runs of one look each, as (text, color, bold), cut at the last column."""
    color, bold, place, used, runs = None, False, 0, 0, []
    for match in list(SGR.finditer(line)) + [None]:
        text = line[place : match.start() if match else len(line)]
        if used + len(text) > columns:
            text = text[: columns - used - 1] + "…"
        if text:
            runs.append((text, color, bold))
        used += len(text)
        if match is None or used >= columns:
            return runs
        place = match.end()
        for code in [int(code or 0) for code in match.group(1).split(";")]:
            if code == 0:
                color, bold = None, False
            elif code in (1, 22):
                bold = code == 1
            elif code == 39:
                color = None
            elif code in COLORS:
                color = code
    return runs


def draw(lines):
    width = round(COLUMNS * CHAR + 2 * MARGIN)
    height = round(len(lines) * LINE + 2 * MARGIN)
    svg = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">',
        f'<rect width="100%" height="100%" rx="8" fill="{BACKGROUND}"/>',
        f'<g font-family="{FONT}" font-size="14" fill="{TEXT}" xml:space="preserve">',
    ]
    for row, line in enumerate(lines):
        y = MARGIN + row * LINE + 14
        column = 0
        for text, color, bold in cut(line, COLUMNS):
            # Each run has its own place and length, so that columns stay columns in any font.
            shown = text.lstrip(" ")
            x = MARGIN + (column + len(text) - len(shown)) * CHAR
            column += len(text)
            if not shown.strip():
                continue
            shown = shown.rstrip(" ")
            look = f' fill="{COLORS[color]}"' if color else ""
            look += ' font-weight="bold"' if bold else ""
            svg.append(
                f'<text x="{x:.1f}" y="{y}" textLength="{len(shown) * CHAR:.1f}" lengthAdjust="spacingAndGlyphs"{look}>'
                f"{html.escape(shown)}</text>"
            )
    return "\n".join(svg + ["</g>", "</svg>", ""])


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    out, commands = sys.argv[1], sys.argv[2:]
    lines = []
    for command in commands:
        typed, _, hidden = command.partition(" ::: ")
        output, status = run(hidden or typed)
        if lines:
            lines.append("")
        lines.append(f"\x1b[32m$\x1b[0m \x1b[1m{typed}\x1b[0m")
        lines += trim(lines_of(output))
        if status != 0:
            sys.exit(f"record.py: `{hidden or typed}` ended with {status}; nothing is written")
    with open(out, "w", encoding="utf-8") as file:
        file.write(draw(lines))


main()
