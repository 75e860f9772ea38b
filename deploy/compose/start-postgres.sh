#!/bin/sh
# Entry of the PostgreSQL image that ../build-images.sh makes of the distribution's package. Takes of the official image's variables those that the compose
# file sets: POSTGRES_USER, POSTGRES_DB, POSTGRES_PASSWORD_FILE.
set -eu
programs=$(echo /usr/lib/postgresql/*/bin)
data=/var/lib/postgresql/data
as_postgres() { setpriv --reuid=postgres --regid=postgres --init-groups "$@"; }
if [ ! -s "$data/PG_VERSION" ]; then
	chown postgres:postgres "$data"
	# Only root can read the secret.
	cp "$POSTGRES_PASSWORD_FILE" /tmp/password
	chown postgres /tmp/password
	as_postgres "$programs/initdb" --pgdata="$data" --username="$POSTGRES_USER" --pwfile=/tmp/password --encoding=UTF8 --locale=C.UTF-8 \
		--auth-local=trust --auth-host=scram-sha-256
	rm /tmp/password
	echo "host all all all scram-sha-256" >>"$data/pg_hba.conf"
	echo "create database \"$POSTGRES_DB\"" | as_postgres "$programs/postgres" --single -D "$data" postgres
fi
exec setpriv --reuid=postgres --regid=postgres --init-groups "$programs/postgres" -D "$data" -c listen_addresses='*' -c unix_socket_directories=/tmp
