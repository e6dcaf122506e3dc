#!/usr/bin/env bash
# Puts pushed images on ECS and waits until they run.
#
#   ./deploy_containers.sh NAME…              such as checkout; sql goes first, then api, then pages, whatever the order
#   ./deploy_containers.sh all                all of them
#   ./deploy_containers.sh NAME… --tag TAG    the image of another commit, such as the one before: rolls back
#
#   sql is a task that runs once: it applies sql/ to the database and gives its two users their passwords.
#
#   CHEMTRACK_ENVIRONMENT=prod        the environment; dev if not given
#   ECR_REGISTRY=HOST[:PORT]          another registry than the account's own ECR
#
# Where new tasks do not become healthy, ECS goes back by itself to the tasks that ran before, and this script fails.
set -euo pipefail
self=$(realpath "${BASH_SOURCE[0]}")
cd "$(dirname "$self")"
# shellcheck source=cloudformation/stacks.sh
. cloudformation/stacks.sh

names=() tag=''
while (($#)); do
  case $1 in
    -h | --help) usage; exit ;;
    --tag) tag=${2:?--tag needs a TAG}; shift ;;
    -*) usage >&2; refuse '' "There is no option $1." ;;
    all) mapfile -t names < <(image_names) ;;
    *) check_name "$1"; names+=("$1") ;;
  esac
  shift
done
((${#names[@]})) || { usage >&2; exit 2; }
mapfile -t names < <(image_names | grep -xF -f <(printf '%s\n' "${names[@]}")) # in the order of image_names: sql, api, then pages
[[ -n $tag ]] || tag=$(commit_tag)
enter_environment

check() { # check NAME: refuses unless everything is there that deploying NAME needs
  require_stack platform "Make it with cloudformation/deploy_stacks.sh $environment."
  case $1 in sql | api) require_stack database "Make it with cloudformation/deploy_stacks.sh $environment." ;; esac
  is_pushed "$1" "$tag" || refuse "$(image "$1" "$tag") was never pushed: ./build_and_push.sh $1"
  case $1 in
    sql) ;;
    api) ;;
    *)
      [[ -n $(route "$1") ]] || refuse "cloudformation/pages.json has no entry for $1, so no path would lead to it."
      # Service Connect shows a task only those services that exist when the task starts, so the API has to be there first.
      [[ " ${names[*]} " == *" api "* ]] || require_stack api "Deploy the API before the pages: ./deploy_containers.sh api"
      ;;
  esac
}

route() { # route PAGE: its priority and its paths, from pages.json
  python3 -c 'import json, sys
page = json.load(open("cloudformation/pages.json")).get(sys.argv[1])
if page: print("Priority=%d Paths=%s" % (page["priority"], ",".join(page["paths"])))' "$1"
}

# The registry keeps the 5 newest images and all that have a tag deployed-… . An image gets this tag before it is deployed; the image
# that ran before loses its own when the deployment is over.
mark() { # mark NAME
  [[ -z ${ECR_REGISTRY:-} ]] || return 0 # a registry that is not ECR expires nothing
  local repository=chemtrack-$1-$environment manifest said
  manifest=$(aws ecr batch-get-image --repository-name "$repository" --image-ids "imageTag=$tag" --query 'images[0].imageManifest' --output text)
  said=$(aws ecr put-image --repository-name "$repository" --image-tag "deployed-$tag" --image-manifest "$manifest" 2>&1) ||
    [[ $said == *ImageAlreadyExists* ]] || refuse "$(image "$1" "$tag") cannot be marked as deployed: $said"
}
unmark_others() { # unmark_others NAME
  [[ -z ${ECR_REGISTRY:-} ]] || return 0
  local repository=chemtrack-$1-$environment other
  for other in $(aws ecr list-images --repository-name "$repository" --output text \
    --query "imageIds[?starts_with(not_null(imageTag, ''), 'deployed-') && imageTag != 'deployed-$tag'].[imageTag]"); do
    aws ecr batch-delete-image --repository-name "$repository" --image-ids "imageTag=$other" >/dev/null # deletes only this tag: the image keeps the tag of its commit
  done
}

keep_least() { # keep_least CLUSTER SERVICE: raises the number of tasks to the fewest that it may have; ECS makes a service with one
  local least count
  least=$(chosen_value MinTasks)
  if [[ $(chosen_value SmallPages) == yes && $2 != "chemtrack-api-$environment" ]]; then least=1; fi
  count=$(aws ecs describe-services --cluster "$1" --services "$2" --query "services[?status=='ACTIVE'].desiredCount" --output text)
  ((${count:-$least} >= least)) ||
    aws ecs update-service --cluster "$1" --service "$2" --desired-count "$least" >/dev/null
}

deploy_service() { # deploy_service NAME
  local name=$1 values=() cluster service
  read -r -a values <<<"$(if [[ $name != api ]]; then route "$name"; fi)"
  values+=("Name=$name" "Image=$(image "$name" "$tag")")
  values+=("UseSessionsTable=$(if stack_stands sessions; then echo yes; else echo no; fi)")
  cluster=$(stack_output platform ClusterName)
  service=chemtrack-$name-$environment
  mark "$name"
  keep_least "$cluster" "$service" # after an interrupted first attempt only one task may run
  deploy_stack "$name" service "${values[@]}"
  keep_least "$cluster" "$service"
  aws ecs wait services-stable --cluster "$cluster" --services "$service" || {
    aws ecs describe-services --cluster "$cluster" --services "$service" --query 'services[0].events[:5].[message]' --output text >&2 || true
    refuse "$service does not become stable. What it says of itself is above."
  }
  unmark_others "$name"
  echo "$service: runs $tag"
}

run_sql() {
  mark sql
  deploy_stack sql sql "Image=$(image sql "$tag")"
  echo "chemtrack-sql-$environment: runs $tag"
  run_task "chemtrack-sql-$environment" "$(stack_output sql TaskDefinitionArn)" "$(stack_output platform ClusterName)" \
    "$(stack_output platform PrivateSubnetIds)" "$(stack_output sql SecurityGroupId)" sql
  unmark_others sql
  echo "chemtrack-sql-$environment: applied"
}

for name in "${names[@]}"; do check "$name"; done
for name in "${names[@]}"; do
  if [[ $name == sql ]]; then run_sql; else deploy_service "$name"; fi
done
