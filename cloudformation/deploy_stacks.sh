#!/usr/bin/env bash
# Makes or updates the stacks that ChemTrack's services need in AWS (network, platform, database …), in their order.
#
#   cloudformation/deploy_stacks.sh ENVIRONMENT
#
# ENVIRONMENT is such as dev; cloudformation/environments/ENVIRONMENT.parameters holds its values. May be repeated: what has
# not changed is left alone, and secrets are never written twice. Afterwards: build_and_push.sh, deploy_containers.sh.
set -euo pipefail
self=$(realpath "${BASH_SOURCE[0]}")
cd "$(dirname "$self")/.."
CHEMTRACK_ENVIRONMENT=${1:-}
# shellcheck source=cloudformation/stacks.sh
. cloudformation/stacks.sh

[[ $# == 1 && $1 != -* ]] || { usage; [[ ${1:-} =~ ^(-h|--help)$ ]] && exit; exit 2; }
enter_environment

where=() # the VPC's ids, where the stack network made it
if wants network; then
  deploy_stack network network "Nat=$(if wants endpoints; then echo no; else echo yes; fi)"
  for output in VpcId VpcCidr PrivateSubnetIds IntranetSubnetIds PrivateRouteTableIds; do
    where+=("$output=$(stack_output network "$output")")
  done
elif [[ -z $(chosen_value VpcId) ]]; then
  refuse "$parameters names no VpcId. Name one, or have one made: OptionalStacks=network."
fi
if wants endpoints; then deploy_stack endpoints endpoints "${where[@]}"; fi
for name in $(image_names); do deploy_stack "registry-$name" registry "Name=$name"; done
deploy_stack platform platform ${where[@]+"${where[@]}"}
deploy_stack database database ${where[@]+"${where[@]}"}
if wants sessions; then deploy_stack sessions sessions; fi

cat <<EOF

The environment $environment stands.
  Point ChemTrack's address at: $(stack_output platform LoadBalancerDnsName)
  The database's endpoint:      $(stack_output database Endpoint)
  psql from the intranet:       $(stack_output database AccessDnsName)
Next: CHEMTRACK_ENVIRONMENT=$environment ./build_and_push.sh && CHEMTRACK_ENVIRONMENT=$environment ./deploy_containers.sh all
EOF
