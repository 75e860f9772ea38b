#!/bin/sh
# Writes what services need off loopback into a new folder: ca.crt, tls.crt, tls.key and three tokens:
# of the services among themselves, of callers, of administrators; and a password for the database of the compose file.
# The authority's key is thrown away, so it signs nothing else; for renewal run again and roll out everything.
#
#   deploy/make-secrets.sh FOLDER [MORE_DNS_NAMES...]
set -eu
umask 077
folder=${1:?usage: make-secrets.sh FOLDER [MORE_DNS_NAMES...]}
shift
test ! -e "$folder" || { echo "$folder exists; choose a new folder." >&2; exit 1; }
mkdir -p "$folder"
cd "$folder"

names="IP:127.0.0.1"
for name in localhost zc-proxy gvae ccnf seqgen orchestrator "$@"; do names="$names,DNS:$name"; done

key="-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
openssl req -x509 $key -days 825 -subj "/CN=archgen authority" -keyout ca.key -out ca.crt
openssl req -x509 $key -days 825 -subj "/CN=archgen" -CA ca.crt -CAkey ca.key \
	-addext "basicConstraints=critical,CA:FALSE" -addext "subjectAltName=$names" -keyout tls.key -out tls.crt
rm ca.key
openssl rand -hex 32 > internal.token
openssl rand -hex 32 > public.token
openssl rand -hex 32 > admin.token
openssl rand -hex 32 > database.password
