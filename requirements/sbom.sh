#!/usr/bin/env bash
# Lists what an image of ChemTrack holds of PyPI and npm, in the form of CycloneDX (SBOM): requirements/sbom.sh NAME FOLDER
#
# NAME is api or a page. Writes FOLDER/NAME.python.json, with the hashes of requirements/lock.txt, and FOLDER/NAME.npm.json.
# Debian's packages of the base image are listed by the registry's own scan. Needs the group build, and npm, in PATH.
set -euo pipefail
name=$1 folder=$(realpath "$2")
cd "$(dirname "${BASH_SOURCE[0]}")/.."
group=pages locked=pages
if [[ $name == api ]]; then group=api locked=requirements/rds; fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
uv pip compile --quiet --python-version 3.13 --python-platform linux --no-emit-index-url --no-header --no-annotate --generate-hashes \
  --constraint requirements/lock.txt --group "$group" --output-file "$work/requirements.txt"
cyclonedx-py requirements "$work/requirements.txt" --output-reproducible --output-format JSON --output-file "$folder/$name.python.json"
cp "$locked/package.json" "$locked/package-lock.json" "$work"
cd "$work"
npm pkg set version=0.0.0 # npm lists only what has a version
npm sbom --sbom-format cyclonedx --omit dev --package-lock-only >"$folder/$name.npm.json"
