#!/usr/bin/env bash
# The life of an environment, from an empty account to an empty account, by the scripts that operators use: network,
# platform, database, registry, build, push, sql, API, pages, an update of one page, rolling it back, and deleting everything.
#
#   AWS_ENDPOINT_URL=http://127.0.0.1:5000 ECR_REGISTRY=127.0.0.1:5055 tests/aws/end_to_end.sh
#
# Needs a Docker engine, a registry, and something that answers for AWS at AWS_ENDPOINT_URL: a moto server whose
# CloudFormation makes the resources of cloudformation/. The script works in a clone, so it tries what is committed.
#
# On AWS itself (an hour, a few dollars), CERTIFICATE_ARN names a certificate: CERTIFICATE_ARN=… tests/aws/end_to_end.sh
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

fail() { printf 'FAILED  %s\n' "$@" >&2; exit 1; }
step() { printf '\n=== %s\n' "$@"; }
[[ -n ${AWS_ENDPOINT_URL:-}${CERTIFICATE_ARN:-} ]] || { sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0"; exit 2; }

environment=e2e
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export CHEMTRACK_ENVIRONMENT=$environment CHEMTRACK_PARAMETERS=$work/parameters AWS_PAGER=''
export AWS_DEFAULT_REGION=${AWS_REGION:-${AWS_DEFAULT_REGION:-us-east-1}}
aws() { command aws ${AWS_ENDPOINT_URL:+--endpoint-url "$AWS_ENDPOINT_URL"} --output text "$@"; }

refused() { # refused SENTENCE COMMAND…: the command must fail and say so
  local said
  said=$("${@:2}" 2>&1 </dev/null) && fail "$(printf '%s ' "${@:2}")did not refuse:" "$said"
  [[ $said == *"$1"* ]] || fail "$(printf '%s ' "${@:2}")does not say \"$1\":" "$said"
  echo "refused: $1"
}

left_over() { # lists every resource with ChemTrack's name and the environment's
  {
    aws cloudformation list-stacks --query "StackSummaries[?StackStatus!='DELETE_COMPLETE'].[StackName]" | sed 's/^/stack /'
    aws cloudformation list-exports --query 'Exports[].[Name]' | sed 's/^/export /'
    aws ecs describe-clusters --clusters "chemtrack-platform-$environment" --query "clusters[?status=='ACTIVE'].[clusterName]" | sed 's/^/cluster /'
    aws application-autoscaling describe-scalable-targets --service-namespace ecs --query 'ScalableTargets[].[ResourceId]' | sed 's/^/scalable target /'
    aws ecr describe-repositories --query 'repositories[].[repositoryName]' | sed 's/^/repository /'
    aws elbv2 describe-load-balancers --query 'LoadBalancers[].[LoadBalancerName]' | sed 's/^/load balancer /'
    aws elbv2 describe-target-groups --query 'TargetGroups[].[TargetGroupName]' | sed 's/^/target group /'
    aws rds describe-db-instances --query 'DBInstances[].[DBInstanceIdentifier]' | sed 's/^/database /'
    aws rds describe-db-snapshots --query 'DBSnapshots[].[DBSnapshotIdentifier]' | sed 's/^/snapshot /'
    aws rds describe-db-subnet-groups --query 'DBSubnetGroups[].[DBSubnetGroupName]' | sed 's/^/subnet group /'
    aws rds describe-db-parameter-groups --query 'DBParameterGroups[].[DBParameterGroupName]' | sed 's/^/parameter group /'
    aws secretsmanager list-secrets --query 'SecretList[].[Name]' | sed 's/^/secret /'
    aws dynamodb list-tables --query 'TableNames[].[@]' | sed 's/^/table /'
    aws logs describe-log-groups --query 'logGroups[].[logGroupName]' | sed 's/^/log group /'
    aws lambda list-functions --query 'Functions[].[FunctionName]' | sed 's/^/function /'
    aws events list-rules --query 'Rules[].[Name]' | sed 's/^/rule /'
    aws iam list-roles --query 'Roles[].[RoleName]' | sed 's/^/role /'
    aws s3api list-buckets --query 'Buckets[].[Name]' | sed 's/^/bucket /'
    aws servicediscovery list-namespaces --query 'Namespaces[].[Name]' | sed 's/^/namespace /'
    aws ec2 describe-security-groups --query 'SecurityGroups[].[GroupName]' | sed 's/^/security group /'
    aws ec2 describe-vpcs --query "Vpcs[].Tags[?Key=='Name'].Value[]" | tr '\t' '\n' | sed 's/^/VPC /'
  } | grep -E -- "chemtrack.*[-/]$environment(\$|-|/)" || true
}

services() { aws ecs list-services --cluster "chemtrack-platform-$environment" --query 'serviceArns[].[@]' | sed 's|.*/||' | sort; }
service() { # service NAME QUERY
  aws ecs describe-services --cluster "chemtrack-platform-$environment" --services "chemtrack-$1-$environment" --query "services[0].$2"
}
image_of() { aws ecs describe-task-definition --task-definition "$(service "$1" taskDefinition)" --query 'taskDefinition.containerDefinitions[0].image'; }

step "an empty account"
[[ -z $(left_over) ]] || fail "Something is there already:" "$(left_over)"
git clone --quiet . "$work/clone"
cd "$work/clone"
certificate=${CERTIFICATE_ARN:-$(aws acm request-certificate --domain-name chemtrack.example)}
printf '%s\n' "OptionalStacks=network sessions" "CertificateArn=$certificate" >"$CHEMTRACK_PARAMETERS"

step "what it stands on, twice: the second time changes nothing, a login least of all"
./cloudformation/deploy_stacks.sh "$environment"
aws secretsmanager put-secret-value --secret-id "chemtrack-logins-$environment" --secret-string '{"root": "chemtrack-demo"}' >/dev/null
./cloudformation/deploy_stacks.sh "$environment"
[[ $(aws secretsmanager get-secret-value --secret-id "chemtrack-logins-$environment" --query SecretString) == *root* ]] ||
  fail "An update has overwritten the logins."
if [[ -n ${AWS_ENDPOINT_URL:-} ]]; then # moto's CloudFormation forgets EnableDnsHostnames, and its tasks need it
  vpc=$(aws ec2 describe-vpcs --filters "Name=tag:Name,Values=chemtrack-network-$environment" --query 'Vpcs[0].VpcId')
  aws ec2 modify-vpc-attribute --vpc-id "$vpc" --enable-dns-hostnames
fi

step "images, twice: a commit is pushed once"
./build_and_push.sh
[[ $(./build_and_push.sh sql api login | grep -c 'pushed before') == 3 ]] || fail "A commit was pushed twice."

step "a page before the API is refused"
refused "Deploy the API before the pages" ./deploy_containers.sh login

step "sql, the API, every page"
./deploy_containers.sh all
wanted=$({ echo api; for page in pages/*/page.py; do basename "$(dirname "$page")"; done; } | sed "s/.*/chemtrack-&-$environment/" | sort)
[[ $(services) == "$wanted" ]] || fail "There run:" "$(services)" "and should:" "$wanted"
[[ $(service login '[desiredCount, runningCount]') == "2"$'\t'"2" ]] || fail "login does not run two tasks: $(service login '[desiredCount, runningCount]')"

step "an update of one page, while five tasks of it run"
first=$(git rev-parse --short=12 HEAD)
aws ecs update-service --cluster "chemtrack-platform-$environment" --service "chemtrack-login-$environment" --desired-count 5 >/dev/null
printf '\n' >>pages/login/__init__.py
git -c user.name=tests -c user.email=tests@chemtrack.example commit --quiet --all --message "Try an update"
refused "was never pushed" ./deploy_containers.sh login
./build_and_push.sh login
./deploy_containers.sh login
[[ $(image_of login) == *:$(git rev-parse --short=12 HEAD) ]] || fail "login runs $(image_of login)."
[[ $(service login desiredCount) == 5 ]] || fail "The update undid the scaling: $(service login desiredCount) tasks."

step "and back"
./deploy_containers.sh login --tag "$first"
[[ $(image_of login) == *:"$first" ]] || fail "login runs $(image_of login)."

step "the end"
refused "Nothing was deleted" ./cloudformation/destroy_stacks.sh "$environment"
./cloudformation/destroy_stacks.sh "$environment" --yes
[[ -z $(left_over) ]] || fail "This is left:" "$(left_over)"
echo "Nothing is left."
