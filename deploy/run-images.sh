#!/bin/sh
# Runs the images of build-images.sh by the compose file, with podman instead of Docker, and tells which limits are really in force.
set -eu

usage() {
	cat <<HELP
Usage: deploy/run-images.sh up | limits | down

up      makes deploy/compose/secrets when there are none, starts the five services and PostgreSQL by deploy/compose/compose.yaml with what
        build-images.sh has built, waits until each is ready, and tells how long that took and what limits it
limits  tells, of each running container and as the kernel sees it: user, capabilities, new privileges, system calls, root, memory
down    stops and removes the containers; the volume of the database stays

Needs root and
  apt-get install podman podman-compose catatonit netavark aardvark-dns     # and runc where control groups are version 1
ARCHGEN_MODELS is the model store (default models/ of the repository).

Example: sudo deploy/run-images.sh up
  npx archgen generate --address 127.0.0.1:50050 --ca deploy/compose/secrets/ca.crt --token-file deploy/compose/secrets/public.token \\
    --max-flop-count 450M --input 224 --classes 1000 --candidates 20 --top 3 --seed 0
Exit codes: 0 done, 1 failed, 2 invalid arguments.
HELP
}

invalid() {
	echo "run-images.sh: $1" >&2
	exit 2
}

services="zc-proxy gvae ccnf seqgen orchestrator"
compose=$(cd "$(dirname "$0")/compose" && pwd)
export ARCHGEN_POSTGRES_IMAGE=localhost/archgen/postgres:debian

# Podman asks for 1048576 open files, which a machine may refuse even to root, and Debian's crun refuses control groups of which some are version 1:
# there the machine's own limit and runc do.
adapt() {
	[ -z "${CONTAINERS_CONF:-}" ] || return 0
	settings=
	prlimit --nofile=1048576 true 2>/dev/null || {
		files=$(ulimit -H -n)
		settings="[containers]\ndefault_ulimits = [\"nofile=$files:$files\", \"nproc=30000:30000\"]\n"
	}
	if [ ! -e /sys/fs/cgroup/cgroup.controllers ] && command -v runc >/dev/null; then settings="$settings[engine]\nruntime = \"runc\"\n"; fi
	[ -z "$settings" ] || {
		printf "$settings" >"$compose/containers.conf"
		export CONTAINERS_CONF="$compose/containers.conf"
	}
}

up() {
	if [ ! -d "$compose/secrets" ]; then
		"$compose/../make-secrets.sh" "$compose/secrets" 2>/dev/null
		chown -R 1000:1000 "$compose/secrets"
	fi
	started=$(date +%s)
	(cd "$compose" && podman-compose --project-name archgen up --detach --no-build) >"$compose/up.log" 2>&1 || {
		tail -n 20 "$compose/up.log" >&2
		exit 1
	}
	for service in $services; do
		until podman exec "$(container "$service")" node /app/deploy/health-check.mjs "$(readiness "$service")" >/dev/null 2>&1; do
			[ $(($(date +%s) - started)) -lt 300 ] || {
				podman logs --tail 20 "$(container "$service")" >&2
				exit 1
			}
			sleep 1
		done
		echo "$service: ready after $(($(date +%s) - started)) s"
	done
	limits
}

container() {
	podman ps --quiet --filter label=io.podman.compose.project=archgen --filter "label=com.docker.compose.service=$1"
}

# The health that the readiness probes of Kubernetes ask for.
readiness() {
	case $1 in
	gvae | ccnf | seqgen) echo models/default ;;
	*) echo readiness ;;
	esac
}

limits() {
	printf '%-13s %-5s %-16s %-9s %-7s %-5s %-8s %10s %10s %10s\n' service user capabilities no-new-p. seccomp root network 'limit MiB' 'now MiB' 'peak MiB'
	for service in $services; do
		id=$(container "$service")
		if [ -z "$id" ]; then
			echo "$service does not run"
			continue
		fi
		pid=$(podman inspect --format '{{.State.Pid}}' "$id")
		status() { sed -n "s/^$1:[[:space:]]*\([^[:space:]]*\).*/\1/p" "/proc/$pid/status"; }
		[ "$(readlink "/proc/$pid/ns/net")" = "$(readlink /proc/self/ns/net)" ] && network=host || network=own
		printf '%-13s %-5s %-16s %-9s %-7s %-5s %-8s %10s %10s %10s\n' "$service" "$(status Uid)" "$(status CapEff)" "$(status NoNewPrivs)" \
			"$(status Seccomp)" "$(awk '$5 == "/" { print substr($6, 1, 2) }' "/proc/$pid/mountinfo")" "$network" \
			"$(memory memory.max memory.limit_in_bytes)" "$(memory memory.current memory.usage_in_bytes)" "$(memory memory.peak memory.max_usage_in_bytes)"
	done
}

# A figure of the container's control group, in MiB: by its name in version 2, or in version 1.
memory() {
	group=$(sed -n 's/^[0-9]*:memory://p' "/proc/$pid/cgroup")
	if [ -n "$group" ]; then
		file=/sys/fs/cgroup/memory$group/$2
	else
		file=/sys/fs/cgroup$(sed -n 's/^0:://p' "/proc/$pid/cgroup")/$1
	fi
	if [ -r "$file" ]; then awk '{ print /max/ ? "none" : int($1 / 1048576) }' "$file"; else echo "?"; fi
}

down() {
	(cd "$compose" && podman-compose --project-name archgen down)
}

[ $# -eq 1 ] || invalid "up, limits or down; --help tells more"
case $1 in
--help | -h) usage ;;
up | limits | down)
	[ "$(id -u)" = 0 ] || invalid "run it as root, for example with sudo"
	for program in podman podman-compose; do command -v $program >/dev/null || invalid "$program is missing: apt-get install $program"; done
	adapt
	"$1"
	;;
*) invalid "unknown command $1; --help tells them" ;;
esac
