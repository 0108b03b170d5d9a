"""The tables of direct.py, as Markdown, of one closure's medians."""

PHASES = ("first", "changed", "changed, fresh", "unchanged", "unchanged, fresh")
# nix2container with its dependencies in a layer of their own can't be had here. It was measured once, beside two of these
# and on `reference`: its seconds and CPU seconds are those of one of them by the ratio of that time.
BY_RATIO = {
    "first": ("layered, skopeo", "first", 18.9 / 39.5, 32 / 61),
    "changed": ("two COPYs", "changed", 0.70 / 8.7, 0.8 / 8.9),
    "unchanged": ("layered, skopeo", "unchanged", 0.44 / 16.0, None),
    "unchanged, fresh": ("layered, skopeo", "first", 15.8 / 39.5, 27.7 / 61),
}
RATIO_NAME = "nix2container, by ratio"


def by_ratio(medians):
    answer = {}
    for phase, (who, of, wall, cpu) in BY_RATIO.items():
        if of in medians.get(who, {}):
            cost = medians[who][of]
            answer[phase] = {"wall": cost["wall"] * wall, "cpu": cost["cpu"] * cpu if cpu else None}
    return answer


def short(value):
    """A number as people write it: three digits, and no more than they need."""
    if value >= 100:
        return f"{value:,.0f}"
    if value >= 10:
        return f"{value:.1f}"
    return f"{value:.2f}" if value >= 0.01 or value == 0 else f"{value:.4f}"


def cell(cost):
    if cost is None:
        return "–"
    seconds = f"**{short(cost['wall'])}**" + (f" ({short(cost['cpu'])})" if cost["cpu"] is not None else "")
    if "sent" not in cost:
        return seconds
    return f"{seconds}; {short(cost['sent'])} MB; {short(max(cost['rss'], cost['daemon rss']))} MB"


def rows(head, names, lines):
    yield f"| {head} | " + " | ".join(names) + " |"
    yield "| --- |" + " ---: |" * len(names)
    for name, cells in lines:
        yield f"| {name} | " + " | ".join(cells) + " |"


def costs(medians):
    for who, phases in medians.items():
        layers = phases["first"].get("layers") if "first" in phases else None
        yield who, [*(cell(phases.get(phase)) for phase in PHASES), "–" if layers is None else f"{layers:.0f}", steal(phases)]


def steal(phases):
    """What share of the processor time that it wanted the host gave to others: the ratio of two contenders that were treated
    differently says little."""
    measured = [phase for phase in phases.values() if "steal" in phase]
    if not measured:
        return "–"
    stolen, had = (sum(phase[key] for phase in measured) for key in ("steal", "cpu"))
    return f"{stolen / (stolen + had):.0%}" if stolen + had else "–"


def ratios(medians):
    """Each against nixdyno: seconds, and bytes sent."""
    for who, phases in medians.items():
        cells = []
        for phase in PHASES:
            mine, other = medians["nixdyno"][phase], phases.get(phase)
            if other is None:
                cells.append("–")
            elif "sent" in other:
                cells.append(f"{short(other['wall'] / mine['wall'])}; {short(other['sent'] / mine['sent'])}")
            else:
                cells.append(short(other["wall"] / mine["wall"]))
        yield who, cells


def stored(medians):
    for who, phases in medians.items():
        if "stored" in phases.get("first", {}):
            yield who, [short(phases[phase]["stored"]) if phase in phases else "–" for phase in PHASES]


def bounds(answer):
    mine = answer["medians"].get("nixdyno", {})
    for what, phase in (("closure", "first"), ("app", "changed")):
        found = answer["bounds"][what]
        both = found["pack"] + found["upload"]
        cells = [f"{short(found['pack'])} ({short(found['pack cpu'])})", f"{short(found['upload'])} ({short(found['upload cpu'])})"]
        of = f"{short(mine[phase]['wall'] / both)}" if phase in mine else "–"
        yield f"the {what}", [*cells, short(both), short(found["MB"]), of]


def tables(answer):
    medians = dict(answer["medians"])
    if answer["closure"] in ("reference", "large") and (ratio := by_ratio(medians)):
        medians[RATIO_NAME] = ratio
    about, machine = answer["about"], answer["machine"]
    rounds = answer["rounds"]
    most = max(rounds.values())
    fewer = "".join(f", {who}: of {count}" for who, count in rounds.items() if count < most)
    yield f"{about['paths']} store paths, {short(about['MB as NARs'])} MB as NARs; medians of {most}{fewer}."
    yield f"{machine['date']}, {machine['cpus']} CPUs ({machine['cpu']}), Linux {machine['kernel']}."
    yield "Each cell: **seconds** (CPU seconds of the machine); MB over loopback; largest process, MB."
    yield ""
    yield from rows(answer["closure"], [*PHASES, "layers", "steal"], costs(medians))
    if "nixdyno" in medians:
        yield "\nTo nixdyno, ×: seconds; MB over loopback.\n"
        yield from rows("to nixdyno", PHASES, ratios(medians))
    yield "\nNew in the registry, MB.\n"
    yield from rows("stored", PHASES, stored(medians))
    yield "\nWhat the same bytes cost at least, on all CPUs: seconds (CPU seconds).\n"
    names = ("tar, SHA-256, igzip -1, SHA-256", "upload", "sum, s", "MB", "nixdyno to the sum, ×")
    yield from rows("bound", names, bounds(answer))
    if opened := answer["store files opened"]:
        yield f"\nnixdyno opens files below `/nix/store` {opened['first']:,} times in a first deploy, {opened['unchanged']:,} times with nothing changed."
