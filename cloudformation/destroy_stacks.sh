#!/usr/bin/env bash
# Deletes an environment of ChemTrack in AWS: services, database with its backups, secrets, images, logs. Asks first.
#
#   cloudformation/destroy_stacks.sh ENVIRONMENT                    asks for the environment's name
#   cloudformation/destroy_stacks.sh ENVIRONMENT --keep-snapshot    keeps a last snapshot of the database
#   cloudformation/destroy_stacks.sh ENVIRONMENT --yes              does not ask
#
# May be repeated after a failure. Secrets and load balancers that were given as parameters are not ChemTrack's and stay.
set -euo pipefail
self=$(realpath "${BASH_SOURCE[0]}")
cd "$(dirname "$self")/.."
CHEMTRACK_ENVIRONMENT=${1:-}
# shellcheck source=cloudformation/stacks.sh
. cloudformation/stacks.sh

[[ $# -ge 1 && $1 != -* ]] || { usage; [[ ${1:-} =~ ^(-h|--help)$ ]] && exit; exit 2; }
asks=true keeps=false
for option in "${@:2}"; do
  case $option in
    --yes) asks=false ;;
    --keep-snapshot) keeps=true ;;
    *) usage >&2; refuse '' "There is no option $option." ;;
  esac
done
CHEMTRACK_PARAMETERS=/dev/null # no parameters are needed to find and delete the stacks that exist
enter_environment

take_away() { # take_away STACK: empties the stack's buckets, then deletes it
  local stack=$1 bucket attempt
  [[ -n $(stack_status "$stack") ]] || return 0
  echo "$stack: deleting"
  for attempt in 1 2 3; do # a load balancer may write its last log into a bucket just emptied
    for bucket in $(stack_resources "$stack" AWS::S3::Bucket); do
      aws s3 rm --recursive --quiet "s3://$bucket" 2>/dev/null || true
    done
    ! delete_stack "$stack" || return 0
    echo "$stack: not yet ($attempt)"
  done
  aws cloudformation describe-stack-events --stack-name "$stack" --output text \
    --query "StackEvents[?ResourceStatus=='DELETE_FAILED'].[LogicalResourceId, ResourceStatusReason] | [:10]" >&2 || true
  refuse "$stack cannot be deleted. The reasons are above; put them right and run this again."
}

# Services first, the network last: each stack goes before those whose exports it imports.
mapfile -t stacks < <(
  all=$(aws cloudformation list-stacks --query "StackSummaries[?StackStatus!='DELETE_COMPLETE'].[StackName]" --output text |
    grep -E "^chemtrack-[a-z0-9-]+-$environment$" | sort -u || true)
  last=()
  for what in sessions database platform endpoints network; do last+=("$(stack_name "$what")"); done
  [[ -n $all ]] || exit 0
  grep -vxF -f <(printf '%s\n' "${last[@]}") <<<"$all" || true
  for stack in "${last[@]}"; do grep -xF "$stack" <<<"$all" || true; done
)
((${#stacks[@]})) || { echo "There is nothing of the environment $environment in $region of account $account."; exit; }

database=$(stack_name database)
if [[ " ${stacks[*]} " == *" $database "* ]] && ! $keeps; then warning=" and all that labs have entered: no backup remains"; fi
echo "This deletes in $region of account $account: ${stacks[*]}${warning:-}."
if $asks; then
  read -r -p "Type $environment to go on: " answer || answer=''
  [[ $answer == "$environment" ]] || refuse "Nothing was deleted."
fi

if [[ " ${stacks[*]} " == *" $database "* ]]; then
  protected=$(aws rds describe-db-instances --db-instance-identifier "$database" --query 'DBInstances[0].DeletionProtection' --output text 2>/dev/null || true)
  [[ $protected != True ]] || refuse "The database is protected. Put DeletionProtection=false into the environment's parameters and run deploy_stacks.sh first."
  if $keeps; then
    snapshot=$database-$(date +%Y%m%d-%H%M%S)
    aws rds create-db-snapshot --db-instance-identifier "$database" --db-snapshot-identifier "$snapshot" >/dev/null
    aws rds wait db-snapshot-available --db-snapshot-identifier "$snapshot"
    echo "The snapshot $snapshot is kept."
  fi
fi
for stack in "${stacks[@]}"; do take_away "$stack"; done
echo "The environment $environment is gone."
