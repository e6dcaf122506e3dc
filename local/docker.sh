# shellcheck shell=bash
# The Docker form of local_go.sh, which sources this. Every service is a container chemtrack-NAME on chemtrack-network;
# each carries the label chemtrack.config, a hash of its image and its settings. A container whose hash has changed is replaced.

network=chemtrack-network
commit=$(git describe --always --dirty --abbrev=12 --exclude='*' 2>/dev/null || echo unknown)
pages() { local page; for page in pages/*/page.py; do basename "$(dirname "$page")"; done; }

kept_data() { echo "the volumes chemtrack-db and chemtrack-aws"; }
forget() { docker volume rm --force chemtrack-db chemtrack-aws >/dev/null; }
port_is_ours() { docker port chemtrack-gateway 2>/dev/null | grep -q ":$CHEMTRACK_PORT\$"; }

try_to_build() { # try_to_build IMAGE DOCKERFILE [ARGUMENT…]
  docker build --label chemtrack=local --build-arg "COMMIT=$commit" --tag "$1" --file "$2" "${@:3}" . >".local/log/build-$1.log" 2>&1
}

build() { # the same, or nothing goes on
  try_to_build "$@" || refuse "$1 cannot be built. The end of .local/log/build-$1.log:" "$(tail -n 25 ".local/log/build-$1.log")"
}

build_sql() { # with the 76,000 substances of the reference, where their package can be fetched
  # shellcheck disable=SC2154  # local_go.sh, which sources this file, sets offline
  if ! $offline; then
    try_to_build chemtrack-sql sql/Dockerfile --target demo && return
    echo "The package of substances cannot be had (.local/log/build-chemtrack-sql.log): the reference stays small."
  fi
  build chemtrack-sql sql/Dockerfile --target demo --build-arg REFERENCE=small
}

runs() { [[ $(docker container inspect --format '{{.State.Running}}' "$1" 2>/dev/null) == true ]]; }

failed() { # failed CONTAINER SENTENCE
  refuse "$1 $2 The end of its log (docker logs $1):" "$(docker logs --tail 25 "$1" 2>&1)"
}

stop_container() {
  runs "$1" || return 0
  # In mode fast PostgreSQL does not wait for its clients to leave, yet has nothing to recover at the next start.
  [[ $1 != chemtrack-db ]] || docker exec --user postgres "$1" pg_ctl stop --mode fast >/dev/null 2>&1 || true
  docker stop -t 20 "$1" >/dev/null
}

run() { # run NAME IMAGE [DOCKER OPTION…] [-- COMMAND…]: replaces the container if image or settings have changed
  local container=chemtrack-$1 image=$2 options=() config
  shift 2
  while (($#)) && [[ $1 != -- ]]; do options+=("$1"); shift; done
  shift || true
  config=$({ docker image inspect --format '{{.Id}}' "$image"; printf '%s\n' "${options[@]}" -- "$@"; cat .local/secrets; } | cksum | tr ' ' -)
  if [[ $container != "chemtrack-$anew" ]] && runs "$container" &&
    [[ $(docker container inspect --format '{{index .Config.Labels "chemtrack.config"}}' "$container") == "$config" ]]; then
    return
  fi
  echo "starting $container"
  stop_container "$container"
  docker rm --force --volumes "$container" >/dev/null 2>&1 || true
  docker run --detach --name "$container" --network "$network" --label chemtrack=local --label "chemtrack.config=$config" \
    "${options[@]}" "$image" "$@" >.local/log/run.log 2>&1 || refuse "$container did not start:" "$(cat .local/log/run.log)"
}

database_sh() { # database_sh ACT USER PASSWORD DATABASE: sql/database.sh in a container of its own
  PGPASSWORD=$3 docker run --rm --network "$network" --env PGHOST=chemtrack-db --env "PGUSER=$2" --env PGPASSWORD --env "PGDATABASE=$4" \
    --env CHEMTRACK_MASTER_PASSWORD --env CHEMTRACK_CHEMUSER_PASSWORD --env CHEMTRACK_CHEMADMIN_PASSWORD chemtrack-sql "$1" \
    2>.local/log/sql.log ||
    refuse "chemtrack-db runs, but sql/database.sh $1 failed:" "$(tail -n 25 .local/log/sql.log)"
}

start_database() {
  run db postgres:17 --volume chemtrack-db:/var/lib/postgresql/data --env POSTGRES_PASSWORD --shm-size 256m
  local tries
  for ((tries = 0; ; tries++)); do
    docker exec chemtrack-db pg_isready --quiet --host 127.0.0.1 && break
    runs chemtrack-db || failed chemtrack-db "did not start."
    ((tries < 120)) || failed chemtrack-db "does not answer."
    sleep 0.5
  done
  # The volume may be older than this clone and have another password than .local/secrets. Inside its container PostgreSQL asks for none.
  printf '%s\n%s\n' "$POSTGRES_PASSWORD" "$POSTGRES_PASSWORD" |
    docker exec --interactive --user postgres chemtrack-db psql --quiet --command '\password' >/dev/null 2>&1 ||
    failed chemtrack-db "runs, but its superuser's password cannot be set."
  database_sh owner postgres "$CHEMTRACK_POSTGRES_PASSWORD" postgres
  database_sh apply chemtrack_master "$CHEMTRACK_MASTER_PASSWORD" chemtrack
  database_sh demo chemtrack_master "$CHEMTRACK_MASTER_PASSWORD" chemtrack
}

wait_until_healthy() { # asks from inside the network, where /health can be reached
  local urls=(aws=http://chemtrack-aws:5000/ api=http://chemtrack-api:8000/health gateway=http://127.0.0.1:8080/health)
  local page name late tries
  for page in $(pages); do urls+=("$page=http://chemtrack-$page:8000/health"); done
  for ((tries = 0; ; tries++)); do
    runs chemtrack-gateway || failed chemtrack-gateway "did not start."
    late=$(docker exec chemtrack-gateway python -m local.health --seconds 3 "${urls[@]}") && return
    for name in $late; do runs "chemtrack-$name" || failed "chemtrack-$name" "did not start."; done
    ((tries < 20)) || failed "chemtrack-${late%% *}" "runs but is not healthy."
  done
}

start_all() { # start_all [NAME]
  anew=$1
  local page upstreams=()
  export POSTGRES_PASSWORD=$CHEMTRACK_POSTGRES_PASSWORD
  export AWS_ENDPOINT_URL=http://chemtrack-aws:5000 AWS_DEFAULT_REGION=us-east-1 AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local

  echo "building the images"
  wanted() { [[ -z $anew || $anew == "$1" ]] || ! docker image inspect "chemtrack-$1" >/dev/null 2>&1; }
  if wanted sql || [[ $anew == db ]]; then build_sql; fi
  if wanted local || [[ $anew == aws || $anew == gateway ]]; then build chemtrack-local local/Dockerfile; fi
  if wanted api; then build chemtrack-api api/Dockerfile; fi
  for page in $(pages); do
    if wanted "$page"; then build "chemtrack-$page" pages/Dockerfile --build-arg "PAGE=$page"; fi
    upstreams+=("--page=$page=http://chemtrack-$page:8000")
  done

  docker network inspect "$network" >/dev/null 2>&1 || docker network create "$network" >/dev/null
  start_database
  run aws chemtrack-local --volume chemtrack-aws:/data -- \
    python -m local.aws --host 0.0.0.0 --secrets /data/secrets.json --initial local/logins.json
  # UVICORN_TIMEOUT_KEEP_ALIVE, as in AWS: after uvicorn's 5 s a page could send a request on a connection that the API has just closed.
  run api chemtrack-api --env UVICORN_TIMEOUT_KEEP_ALIVE=960 --env CHEMTRACK_DATABASE_HOST=chemtrack-db --env CHEMTRACK_CHEMUSER_PASSWORD --env CHEMTRACK_CHEMADMIN_PASSWORD \
    --env CHEMTRACK_SERVICE_TOKEN --env 'CHEMTRACK_LOGIN_SECRETS=["chemtrack-logins"]' \
    --env AWS_ENDPOINT_URL --env AWS_DEFAULT_REGION --env AWS_ACCESS_KEY_ID --env AWS_SECRET_ACCESS_KEY
  for page in $(pages); do
    run "$page" "chemtrack-$page" --env CHEMTRACK_API_URL=http://chemtrack-api:8000 --env CHEMTRACK_SERVICE_TOKEN \
      --env CHEMTRACK_COOKIE_KEY --env CHEMTRACK_COOKIE_SECURE=false --env CHEMTRACK_WORKERS=1
  done
  run gateway chemtrack-local --publish "127.0.0.1:$CHEMTRACK_PORT:8080" -- python -m local.gateway --host 0.0.0.0 "${upstreams[@]}"
  wait_until_healthy
  docker image prune --force --filter label=chemtrack=local >/dev/null # images that this build replaced
}

stop_all() {
  local container
  # The gateway first, the database last, so that no service is still in use when one that it needs is gone.
  for container in chemtrack-gateway $(docker ps --filter label=chemtrack=local --format '{{.Names}}' | grep -v -e '-gateway$' -e '-db$') chemtrack-db; do
    stop_container "$container"
    docker rm --volumes "$container" >/dev/null 2>&1 || true
  done
  echo "ChemTrack's containers are stopped."
}
