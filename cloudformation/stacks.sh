# shellcheck shell=bash
# What the scripts for AWS share; each sets self to its own path and sources this from the project's folder. Works with the AWS CLI 1 and 2.
#
#   CHEMTRACK_ENVIRONMENT   which environment; dev if not given. Its values are in
#                           cloudformation/environments/NAME.parameters (or the file CHEMTRACK_PARAMETERS)
#   AWS_PROFILE, AWS_REGION, AWS_ENDPOINT_URL … are the AWS CLI's own

export AWS_PAGER=''
environment=${CHEMTRACK_ENVIRONMENT:-dev}

refuse() { printf '%s\n' "$@" >&2; exit 1; }
usage() { sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "${self:?}"; }

aws() { command aws ${AWS_ENDPOINT_URL:+--endpoint-url "$AWS_ENDPOINT_URL"} "$@"; } # older versions of the AWS CLI do not know the variable

enter_environment() { # checks all that can be checked before anything is done; sets account, region and parameters
  [[ $environment =~ ^[a-z][a-z0-9]{1,9}$ ]] ||
    refuse "An environment is named by two to ten small letters and digits, a letter first, not \"$environment\"."
  command -v aws >/dev/null || refuse "The AWS CLI is missing: https://aws.amazon.com/cli/"
  region=${AWS_REGION:-${AWS_DEFAULT_REGION:-$(command aws configure get region || true)}}
  [[ -n $region ]] || refuse "No region is chosen: set AWS_REGION, or run aws configure."
  export AWS_DEFAULT_REGION=$region # AWS CLI 1 knows no AWS_REGION
  account=$(aws sts get-caller-identity --query Account --output text) || refuse "AWS does not let you in, for the reason above."
  parameters=${CHEMTRACK_PARAMETERS:-cloudformation/environments/$environment.parameters}
  [[ -r $parameters ]] || refuse "There is no $parameters. Copy cloudformation/environments/example.parameters and put your values in."
  local line template known=" OptionalStacks "
  for template in cloudformation/*.yaml; do known+=" $(parameters_of "$template" | sed 's/=.*//' | xargs) "; done
  while read -r line; do
    [[ $line =~ ^[A-Za-z0-9]+= ]] || refuse "$parameters: a line is Name=value, not \"$line\"."
    [[ $known == *" ${line%%=*} "* ]] || refuse "$parameters: no template has a parameter ${line%%=*}."
  done < <(chosen)
}

chosen() { grep -hv -e '^ *#' -e '^ *$' cloudformation/figures.parameters "$parameters" || true; } # figures, then what the parameter file says
chosen_value() { chosen | sed -n "s/^$1=//p" | tail -n 1; }             # chosen_value NAME
wants() { [[ " $(chosen_value OptionalStacks) " == *" $1 "* ]]; }       # wants OPTIONAL_STACK
parameters_of() { # parameters_of TEMPLATE: prints Name=default for each parameter, or Name alone if it has no default
  awk '/^[A-Z]/ { inside = /^Parameters:/ }
       inside && /^  [A-Za-z0-9]+:$/ { if (name) print name; name = substr($1, 1, length($1) - 1) }
       inside && /^    Default: / { sub(/^    Default: /, ""); gsub(/^"|"$/, ""); name = name "=" $0 }
       END { if (name) print name }' "$1"
}

page_names() { local page; for page in pages/*/page.py; do basename "$(dirname "$page")"; done; }
image_names() { printf '%s\n' sql api; page_names; }

check_name() { # check_name NAME: refuses a NAME that is none of image_names
  image_names | grep -xF -- "$1" >/dev/null || refuse "There is no $1. There are: $(image_names | xargs)."
}

stack_name() { echo "chemtrack-$1-$environment"; } # stack_name WHAT
stack_status() { # stack_status STACK: prints nothing if there is no such stack
  aws cloudformation describe-stacks --stack-name "$1" --query 'Stacks[0].StackStatus' --output text 2>/dev/null || true
}
stack_output() { # stack_output WHAT OUTPUT
  aws cloudformation describe-stacks --stack-name "$(stack_name "$1")" --query "Stacks[0].Outputs[?OutputKey=='$2'].OutputValue" --output text
}
stack_stands() { [[ $(stack_status "$(stack_name "$1")") =~ ^(CREATE|UPDATE|UPDATE_ROLLBACK)_COMPLETE$ ]]; } # stack_stands WHAT

require_stack() { # require_stack WHAT SENTENCE
  local status
  status=$(stack_status "$(stack_name "$1")")
  [[ -n $status ]] || refuse "There is no $1 in the environment $environment. $2"
  stack_stands "$1" || refuse "$(stack_name "$1") does not stand: its status is $status."
}

never_stood() { # never_stood WHAT: there is no such stack, or only what is left of a first attempt that failed
  [[ $(stack_status "$(stack_name "$1")") =~ ^(|ROLLBACK_COMPLETE|ROLLBACK_FAILED|CREATE_FAILED|REVIEW_IN_PROGRESS)$ ]]
}

stack_resources() { # stack_resources STACK TYPE: the ids of all resources of that type, deleted ones too
  aws cloudformation describe-stack-resources --stack-name "$1" --output text \
    --query "StackResources[?ResourceType=='$2' && PhysicalResourceId].[PhysicalResourceId]"
}

delete_stack() { # delete_stack STACK: fails if the stack cannot be deleted
  local secret secrets
  secrets=$(stack_resources "$1" AWS::SecretsManager::Secret)
  aws cloudformation delete-stack --stack-name "$1" || return
  aws cloudformation wait stack-delete-complete --stack-name "$1" >/dev/null 2>&1 || return
  for secret in $secrets; do # without a recovery window, which would keep the name taken for up to a month
    aws secretsmanager delete-secret --secret-id "$secret" --force-delete-without-recovery >/dev/null 2>&1 || true
  done
}

deploy_stack() { # deploy_stack WHAT TEMPLATE [NAME=VALUE…]: a value given here wins over the parameter file, that over figures.parameters, and that over the default
  local what=$1 template=cloudformation/$2.yaml parameter name value values=() said stack
  stack=$(stack_name "$what")
  while read -r parameter; do
    name=${parameter%%=*}
    value=$({ echo "$parameter"; chosen; printf '%s\n' "Environment=$environment" "${@:3}"; } | grep "^$name=" | tail -n 1 || true)
    [[ -n $value ]] || refuse "$parameters does not say $name, which $template needs."
    values+=("$value")
  done < <(parameters_of "$template")
  if [[ -n $(stack_status "$stack") ]] && never_stood "$what"; then # CloudFormation cannot update such a stack, only delete it
    delete_stack "$stack" || refuse "$stack is what is left of a first attempt, and cannot be deleted."
  fi
  echo "$stack: deploying"
  said=$(aws cloudformation deploy --stack-name "$stack" --template-file "$template" --capabilities CAPABILITY_NAMED_IAM \
    --no-fail-on-empty-changeset --parameter-overrides "${values[@]}" --tags "chemtrack-environment=$environment" 2>&1) || {
    printf '%s\n' "$said" >&2
    aws cloudformation describe-stack-events --stack-name "$stack" --output text \
      --query "StackEvents[?contains(ResourceStatus, 'FAILED')].[LogicalResourceId, ResourceStatusReason] | [:10]" >&2 || true
    refuse "$stack was not deployed; what stood before stands again. The reasons are above."
  }
}

registry_host() { echo "${ECR_REGISTRY:-$account.dkr.ecr.$region.amazonaws.com}"; }
repository() { echo "chemtrack-$1-$environment"; }                  # repository NAME
image() { echo "$(registry_host)/$(repository "$1"):$2"; }           # image NAME TAG
is_pushed() { # is_pushed NAME TAG
  if [[ -n ${ECR_REGISTRY:-} ]]; then
    docker manifest inspect --insecure "$(image "$1" "$2")" >/dev/null 2>&1
  else
    aws ecr describe-images --repository-name "$(repository "$1")" --image-ids "imageTag=$2" >/dev/null 2>&1
  fi
}

commit_tag() { # the tag of the commit that is checked out; a tree with changes has a tag of its own
  local tag
  tag=$(git rev-parse --short=12 HEAD) || refuse "Images are tagged with the commit, and this is no clone of the repository."
  if [[ -n $(git status --porcelain) ]]; then
    tag+=-dirty-$({ git diff HEAD --binary; git ls-files --others --exclude-standard -z | xargs -0r cat; } | git hash-object --stdin | cut -c -8)
  fi
  echo "$tag"
}

# run_task FAMILY DEFINITION CLUSTER SUBNETS GROUP STREAM [ACT…]: runs the task sql to its end, for another act of sql/database.sh than apply
# if ACT says so; shows its log, which is in the group /ecs/FAMILY in a stream that begins with STREAM
run_task() {
  local task stopped code network="awsvpcConfiguration={subnets=[$4],securityGroups=[$5],assignPublicIp=DISABLED}" act=()
  if (($# > 6)); then
    act=(--overrides "$(python3 -c 'import json, sys; print(json.dumps({"containerOverrides": [{"name": "sql", "command": sys.argv[1:]}]}))' "${@:7}")")
  fi
  task=$(aws ecs run-task --cluster "$3" --launch-type FARGATE --task-definition "$2" ${act[@]+"${act[@]}"} \
    --network-configuration "$network" --query 'tasks[0].taskArn' --output text) && [[ $task == arn:* ]] ||
    refuse "The task $1 cannot be started."
  aws ecs wait tasks-stopped --cluster "$3" --tasks "$task" || refuse "The task $task has not ended within ten minutes."
  aws logs get-log-events --log-group-name "/ecs/$1" --log-stream-name "$6/sql/${task##*/}" \
    --query 'events[].[message]' --output text 2>/dev/null | sed 's/^/  /' || true
  read -r code stopped < <(aws ecs describe-tasks --cluster "$3" --tasks "$task" \
    --query 'tasks[0].[containers[0].exitCode, stoppedReason]' --output text)
  [[ $code == 0 ]] || refuse "The task $1 failed (exit code $code: $stopped). Its log is above."
}
