"""Cuts a service-2.json of botocore to some operations and the shapes that these use.

python3 trim.py .../ec2/2016-11-15/service-2.json[.gz] ec2.txt > .../models/ec2.json
"""

import gzip
import json
import sys

KEPT = {
    "type", "members", "member", "key", "value", "required", "locationName", "queryName",
    "flattened", "enum", "timestampFormat", "exception", "error", "shape", "streaming",
    "resultWrapper", "wrapper",
}


def trimmed(tree, members=False):
    if isinstance(tree, dict):
        return {k: trimmed(v, k == "members") for k, v in tree.items() if members or k in KEPT}
    return tree


def references(tree):
    if isinstance(tree, dict):
        if isinstance(tree.get("shape"), str):
            yield tree["shape"]
        for value in tree.values():
            yield from references(value)


def main(model_file, names_file):
    opener = gzip.open if model_file.endswith(".gz") else open
    with opener(model_file, "rt") as file:
        model = json.load(file)
    with open(names_file) as file:
        names = sorted({line.strip() for line in file if line.strip()})
    operations, shapes = {}, {}
    for name in names:
        found = model["operations"][name]
        kept = {k: found[k] for k in ("name", "http", "input", "output", "errors") if k in found}
        for side in ("input", "output"):
            if side in kept:
                kept[side] = trimmed(kept[side])
        if "errors" in kept:
            kept["errors"] = [trimmed(error) for error in kept["errors"]]
        operations[name] = kept
        wanted = list(references(kept)) + [error["shape"] for error in kept.get("errors", [])]
        while wanted:
            shape = wanted.pop()
            if shape not in shapes:
                shapes[shape] = trimmed(model["shapes"][shape])
                shapes[shape].pop("enum", None)
                wanted.extend(references(shapes[shape]))
    write(
        {
            "version": model.get("version", "2.0"),
            "metadata": model["metadata"],
            "operations": operations,
            "shapes": dict(sorted(shapes.items())),
        }
    )


def write(model):
    out = sys.stdout
    out.write("{\n")
    for i, (part, value) in enumerate(model.items()):
        out.write(",\n" if i else "")
        if part in ("operations", "shapes"):
            lines = (json.dumps(k) + ":" + json.dumps(v, separators=(",", ":")) for k, v in value.items())
            out.write(json.dumps(part) + ":{\n" + ",\n".join(lines) + "\n}")
        else:
            out.write(json.dumps(part) + ":" + json.dumps(value, separators=(",", ":")))
    out.write("\n}\n")


main(*sys.argv[1:])
