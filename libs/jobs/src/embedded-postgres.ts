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
 * @param programs PostgreSQL's; those of the package that is installed unless given
 * @throws FAILED_PRECONDITION where it cannot run; the message says what to do
 */
export async function startEmbeddedPostgres(folder: string, programs?: Programs): Promise<DatabaseServer> {
	const root = resolve(folder);
	const account = await serverAccount();
	await makeFolder(root, account);
	const password = await keptSecret(join(root, "password"));
	const cluster = new Cluster(root, programs ?? (await findPrograms()), account);
	await cluster.create(password);
	const url = `postgresql://${USER}:${password}@127.0.0.1:${await cluster.start()}/postgres`;
	return {
		url,
		ensureRunning: async () => {
			await cluster.start();
		},
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

	/** Starts the server unless it runs. @returns its port */
	async start(): Promise<number> {
		const log = join(this.root, "server.log");
		let problem: unknown;
		for (let attempt = 0; ; attempt++) {
			const running = await this.#runningPort();
			if (running !== undefined) return running;
			if (attempt === ATTEMPTS) throw cannotStart(log, problem);
			const port = (attempt === 0 && (await this.#lastPort())) || (await getPort({ host: "127.0.0.1" }));
			const settings = [`port=${port}`, "listen_addresses=127.0.0.1", "unix_socket_directories="];
			const options = settings.map((setting) => `-c ${setting}`).join(" ");
			await this.#control("start", "-w", "-t", "60", "-l", log, "-o", options).catch((cause: unknown) => {
				problem = cause;
			});
		}
	}

	async stop(): Promise<void> {
		await this.#control("stop", "-m", "fast", "-w").catch(() => {});
	}

	/** A server that starts again keeps its port, so that clients find it. */
	async #lastPort(): Promise<number | undefined> {
		const text = await readFile(join(this.#data, "postmaster.opts"), "utf8").catch(() => "");
		return Number(/port=(\d+)/.exec(text)?.[1]) || undefined;
	}

	/**
	 * Port of the server while it runs. The program that says whether it does looks at the process number alone, which may be that of another by
	 * now; and the server may end, and its file go, between any two of these questions.
	 */
	async #runningPort(): Promise<number | undefined> {
		const claimed = await this.#control("status").then(
			() => true,
			() => false,
		);
		if (!claimed) return undefined;
		const lines = (await readFile(this.#pidFile, "utf8").catch(() => "")).split("\n");
		const [pid, port] = [Number(lines[0]), Number(lines[3])];
		if (await isServer(pid)) return port || undefined;
		await rm(this.#pidFile, { force: true });
		return undefined;
	}

	/** The server's own file: its process number in the first line, its port in the fourth. */
	get #pidFile(): string {
		return join(this.#data, "postmaster.pid");
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
