#!/usr/bin/env bash
# Runs the task sql in AWS, waits for its end and shows its log.
#
#   lib/run_sql.sh                       applies sql/ to the database
#   lib/run_sql.sh administrator USER    makes the owner of that login an administrator
#
# Pulumi does the first whenever the task has a new definition (apply_sql.py), and stops the deployment if it fails. It says in SQL_TASK
# what runs and where. Without SQL_TASK this script asks Pulumi for it, of the stack that is selected.
set -euo pipefail
self=$(realpath "${BASH_SOURCE[0]}")
cd "$(dirname "$self")"
SQL_TASK=${SQL_TASK:-$(pulumi stack output sqlTask)}
cd ..
# shellcheck source=cloudformation/stacks.sh
. cloudformation/stacks.sh

export AWS_DEFAULT_REGION=us-east-2 AWS_REGION=us-east-2
read -r family definition cluster subnets group <<<"$SQL_TASK"
run_task "$family" "$definition" "$cluster" "$subnets" "$group" "$family" "$@"
