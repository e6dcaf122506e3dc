#!/usr/bin/env bash
# Builds images of ChemTrack and pushes them to ECR, tagged with the commit.
#
#   ./build_and_push.sh               all: sql, api and every page
#   ./build_and_push.sh NAME…         only these images, such as api checkout
#   ./build_and_push.sh --dirty …     although the tree has changes; the tag then says so: COMMIT-dirty-HASH
#   ./build_and_push.sh --pulumi …    into the repositories that Pulumi's program makes (lib/), in us-east-2
#   ./build_and_push.sh --known …     although an advisory is known against a package that an image would hold
#
#   CHEMTRACK_ENVIRONMENT=prod        the environment; dev if not given
#   ECR_REGISTRY=HOST[:PORT]          another registry than the account's own ECR
#
# A missing repository is made. An image that was pushed for this commit before is neither built nor pushed again. What each image
# holds is listed in .local/sbom/TAG (CycloneDX).
set -euo pipefail
self=$(realpath "${BASH_SOURCE[0]}")
cd "$(dirname "$self")"
# shellcheck source=cloudformation/stacks.sh
. cloudformation/stacks.sh
# shellcheck source=local/environment.sh
. local/environment.sh

names=() dirty=false known=false pulumi=false
for argument in "$@"; do
  case $argument in
    -h | --help) usage; exit ;;
    --dirty) dirty=true ;;
    --known) known=true ;;
    --pulumi)
      pulumi=true
      export AWS_REGION=us-east-2 CHEMTRACK_PARAMETERS=/dev/null # lib/ takes none of CloudFormation's parameters
      repository() { echo "repository-$1-$environment"; }
      ;;
    -*) usage >&2; refuse '' "There is no option $argument." ;;
    *) check_name "$argument"; names+=("$argument") ;;
  esac
done
((${#names[@]})) || mapfile -t names < <(image_names)

tag=$(commit_tag)
if [[ $tag == *-dirty-* ]] && ! $dirty; then
  refuse "The tree has changes that no commit holds:" "$(git status --short | head -n 10)" "Commit them, or say --dirty."
fi
docker info >/dev/null 2>&1 || refuse "No Docker engine answers."
enter_environment
aws ecr get-login-password | docker login --username AWS --password-stdin "$(registry_host)" >/dev/null 2>&1 ||
  refuse "The registry $(registry_host) does not let you in."
make_environment build npm lock
advisories=0
python requirements/advisories.py >&2 || advisories=$?
if ((advisories == 1)) && ! $known; then
  refuse "Something is known against a locked package, as listed above." "Bring it up to date by requirements/lock.sh --upgrade, or say --known."
fi
sbom=.local/sbom/$tag
mkdir -p "$sbom"

for name in "${names[@]}"; do
  $pulumi || stack_stands "registry-$name" || deploy_stack "registry-$name" registry "Name=$name"
  image=$(image "$name" "$tag")
  if is_pushed "$name" "$tag"; then
    echo "$image: pushed before"
    continue
  fi
  file=pages/Dockerfile
  case $name in api | sql) file=$name/Dockerfile ;; esac
  log=$(mktemp)
  # Without attestations an image is one plain manifest; the registry would count each attestation as an image of its own.
  BUILDX_NO_DEFAULT_ATTESTATIONS=1 docker build --platform linux/amd64 --file "$file" --build-arg "PAGE=$name" --build-arg "COMMIT=$tag" --tag "$image" . >"$log" 2>&1 ||
    refuse "$image cannot be built. The end of $log:" "$(tail -n 25 "$log")"
  docker push "$image" >"$log" 2>&1 || refuse "$image cannot be pushed. The end of $log:" "$(tail -n 5 "$log")"
  rm -f "$log"
  if [[ $name != sql ]]; then requirements/sbom.sh "$name" "$sbom"; fi
  echo "$image: pushed"
done
