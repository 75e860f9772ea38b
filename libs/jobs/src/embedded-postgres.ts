import { execFile } from "node:child_process";
import { chown, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { ArchgenError } from "@archgen/errors";
import getPort from "get-port";
import pg from "pg";
import {
	type Account,
	findPrograms,
	keptSecret,
	makeFolder,
	type Programs,
	serverAccount,
} from "./embedded-files.js";

const run = promisify(execFile);
const USER = "archgen";
/** Tries at a free port, which another process may take first. */
const ATTEMPTS = 3;

/** A database server that jobs live in. */
export interface DatabaseServer {
	readonly url: string;
	/** Starts it again when it is not running; does nothing to a server that is not ours. */
	ensureRunning(): Promise<void>;
	/** Stops it unless others are connected; a server that is not ours goes on. */
	stop(): Promise<void>;
}

/** A server that somebody else runs. */
export function foreignServer(url: string): DatabaseServer {
	return { url, ensureRunning: async () => {}, stop: async () => {} };
}

/**
 * A PostgreSQL server on loopback with all its files below `folder`. It outlives a process that is killed, and the next one
 * takes it over.
 *
 * @throws FAILED_PRECONDITION where it cannot run; the message says what to do
 */
export async function startEmbeddedPostgres(folder: string): Promise<DatabaseServer> {
	const root = resolve(folder);
	const [programs, account] = [await findPrograms(), await serverAccount()];
	await makeFolder(root, account);
	const password = await keptSecret(join(root, "password"));
	const cluster = new Cluster(root, programs, account);
	await cluster.create(password);
	await cluster.start();
	const url = `postgresql://${USER}:${password}@127.0.0.1:${await cluster.port()}/postgres`;
	return {
		url,
		ensureRunning: () => cluster.start(),
		stop: async () => {
			if (!(await othersConnected(url))) await cluster.stop();
		},
	};
}

class Cluster {
	constructor(
		private readonly root: string,
		private readonly programs: Programs,
		private readonly account: Account,
	) {}

	get #data(): string {
		return join(this.root, "cluster");
	}

	/** Made under another name first, so that a kill leaves no half of it. */
	async create(password: string): Promise<void> {
		if (await exists(join(this.#data, "PG_VERSION"))) return;
		const partial = join(this.root, `cluster.${process.pid}`);
		await rm(partial, { recursive: true, force: true });
		await mkdir(partial);
		const secret = `${partial}.password`;
		await writeFile(secret, password, { mode: 0o600 });
		if (this.account.uid !== undefined) {
			for (const path of [partial, secret]) await chown(path, this.account.uid, this.account.gid!);
		}
		const options = ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync"];
		await this.#run(this.programs.initdb, ["-D", partial, "-U", USER, `--pwfile=${secret}`, ...options]);
		await rm(secret);
		await rename(partial, this.#data).catch(async (error: NodeJS.ErrnoException) => {
			// Another process was faster.
			await rm(partial, { recursive: true, force: true });
			if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error;
		});
	}

	async start(): Promise<void> {
		for (let attempt = 1; !(await this.#running()); attempt++) {
			const port = (attempt === 1 && (await this.#lastPort())) || (await getPort({ host: "127.0.0.1" }));
			const settings = [`port=${port}`, "listen_addresses=127.0.0.1", "unix_socket_directories="];
			const options = settings.map((setting) => `-c ${setting}`).join(" ");
			const log = join(this.root, "server.log");
			try {
				await this.#control("start", "-w", "-t", "60", "-l", log, "-o", options);
			} catch (cause) {
				if (attempt >= ATTEMPTS) throw cannotStart(log, cause);
			}
		}
	}

	async stop(): Promise<void> {
		await this.#control("stop", "-m", "fast", "-w").catch(() => {});
	}

	/** Port of the running server: the fourth line of its own file. */
	async port(): Promise<number> {
		return Number((await readFile(join(this.#data, "postmaster.pid"), "utf8")).split("\n")[3]);
	}

	/** A server that starts again keeps its port, so that clients find it. */
	async #lastPort(): Promise<number | undefined> {
		const text = await readFile(join(this.#data, "postmaster.opts"), "utf8").catch(() => "");
		return Number(/port=(\d+)/.exec(text)?.[1]) || undefined;
	}

	/** True when the server runs. The program that says so looks at the process number alone, which may be that of another by now. */
	async #running(): Promise<boolean> {
		const claimed = await this.#control("status").then(
			() => true,
			() => false,
		);
		if (!claimed || (await isServer(await this.#processNumber()))) return claimed;
		await rm(join(this.#data, "postmaster.pid"), { force: true });
		return false;
	}

	/** The first line of the server's own file. */
	async #processNumber(): Promise<number> {
		return Number((await readFile(join(this.#data, "postmaster.pid"), "utf8")).split("\n")[0]);
	}

	#control(...args: string[]): Promise<unknown> {
		return this.#run(this.programs.pgCtl, ["-D", this.#data, ...args]);
	}

	/** Programs keep no pipe of ours open: the server that `pg_ctl` leaves behind would hold it for ever. */
	#run(program: string, args: readonly string[]): Promise<unknown> {
		return run(program, [...args], { ...this.account, cwd: this.root, maxBuffer: 2 ** 20 });
	}
}

/** Whether a process is a PostgreSQL server; true as well where the system does not tell. */
async function isServer(pid: number): Promise<boolean> {
	const name = await readFile(`/proc/${pid}/comm`, "utf8").catch(() => undefined);
	return name === undefined || name.trim().startsWith("postgres");
}

async function othersConnected(url: string): Promise<boolean> {
	const client = new pg.Client({ connectionString: url });
	client.on("error", () => {});
	try {
		await client.connect();
		const { rows } = await client.query(
			"SELECT count(*)::int AS others FROM pg_stat_activity WHERE client_port IS NOT NULL AND pid <> pg_backend_pid()",
		);
		return rows[0].others > 0;
	} catch {
		return false;
	} finally {
		await client.end().catch(() => {});
	}
}

async function exists(path: string): Promise<boolean> {
	return readFile(path).then(
		() => true,
		() => false,
	);
}

function cannotStart(log: string, cause: unknown): ArchgenError {
	return new ArchgenError({
		category: "FAILED_PRECONDITION",
		reason: "EMBEDDED_DATABASE_FAILED",
		message: `The embedded PostgreSQL does not start; ${log} says why. Set DATABASE_URL to use another server.`,
		metadata: { log },
		cause,
	});
}
