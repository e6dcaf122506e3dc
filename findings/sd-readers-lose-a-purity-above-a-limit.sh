#!/usr/bin/env bash
# sdf-parser 9.0.0 (npm) and ctfile 0.1.12 (PyPI) take a line of data that begins with ">" for the head of a field. The purity
# ">99%", as suppliers write it, is lost without an error.
#
# In an SD file a data item ends at its blank line, so the line behind the head "> <PURITY>" is data whatever it begins with.
# Seen: sdf-parser leaves PURITY out of the record, while a record with "99%" has it; a second line "> 98 % (GC)" takes the
# first one with it. ctfile has an empty PURITY and invents a field of the name "9". OpenChemLib 9.25.0 reads all of it.
# (jsonpickle is named because ctfile imports and does not declare it.)
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check ctfile==0.1.12 jsonpickle==4.1.4 2>/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$folder" sdf-parser@9.0.0 openchemlib@9.25.0
venv/bin/python - <<'PYTHON'
structure = """Methanol
  made for this test

  2  1  0  0  0  0  0  0  0  0999 V2000
    0.0000    0.0000    0.0000 C   0  0  0  0  0  0  0  0  0  0  0  0
    1.5000    0.0000    0.0000 O   0  0  0  0  0  0  0  0  0  0  0  0
  1  2  1  0
M  END
"""
with open("stock.sdf", "w") as file:
    for purity, lot in ((">99%", "A1"), ("99%", "A2"), ("water < 0.1 %\n> 98 % (GC)", "A3")):
        file.write(f"{structure}> <PURITY>\n{purity}\n\n> <LOT>\n{lot}\n\n$$$$\n")
PYTHON
cat > read.mjs <<'NODE'
import assert from "node:assert";
import { readFileSync } from "node:fs";
import OCL from "openchemlib";
import { parse } from "sdf-parser";

const text = readFileSync("stock.sdf", "utf8");
const reader = new OCL.SDFileParser(text, ["PURITY", "LOT"]);
const right = [];
while (reader.next()) right.push({ PURITY: reader.getField("PURITY"), LOT: reader.getField("LOT") });
const seen = parse(text).molecules.map(({ molfile, ...fields }) => fields);
console.log("OpenChemLib", right);
console.log("sdf-parser", seen);
assert.deepStrictEqual(right.map((record) => record.PURITY), [">99%", "99%", "water < 0.1 %\n> 98 % (GC)"]);
assert.deepStrictEqual(seen, [{ LOT: "A1" }, { PURITY: "99%", LOT: "A2" }, { LOT: "A3" }], "the purity is kept now");
NODE
node read.mjs
venv/bin/python - <<'PYTHON'
import ctfile

with open("stock.sdf") as file:
    records = [dict(record["data"]) for record in ctfile.load(file).values()]
print("ctfile", *records, sep="\n")
assert records[0] == {"PURITY": [], "9": [], "LOT": ["A1"]}, "the purity is kept now"
assert records[1] == {"PURITY": ["99%"], "LOT": ["A2"]}
PYTHON
