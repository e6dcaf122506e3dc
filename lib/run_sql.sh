#!/usr/bin/env bash
# Applies sql/ to the database by the task sql, and waits for its end. Pulumi runs this, in lib/, whenever the task has a new definition
# (apply_sql.py), and stops the deployment if it fails.
#
#   FAMILY, TASK_DEFINITION, CLUSTER, SUBNETS, SECURITY_GROUP   what runs, and where
set -euo pipefail
self=$(realpath "${BASH_SOURCE[0]}")
cd "$(dirname "$self")/.."
# shellcheck source=cloudformation/stacks.sh
. cloudformation/stacks.sh

run_task "$FAMILY" "$TASK_DEFINITION" "$CLUSTER" "$SUBNETS" "$SECURITY_GROUP" "$FAMILY"
