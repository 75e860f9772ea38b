import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmbeddedPostgres } from "@archgen/jobs";
import getPort from "get-port";
import pg from "pg";
import { SERVICES, type ServiceName } from "./plan.js";
import { type Relay, startRelay } from "./relay.js";
import { makeSmallDisk, type SmallDisk } from "./small-disk.js";
import { Supervised } from "./supervisor.js";

/** Room for the database, its log ahead of it, and what else the services write. */
const DISK_MEBIBYTES = 512;
/** Scoring that costs little: the search for faults is not one for networks. */
const CHEAP = ["--scoring-pixels", "8192", "--scoring-max-input-size", "32"];

const DROP = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()";

/** All services as processes, each behind a relay, with the database in a folder of limited size. */
export class System {
	private constructor(
		readonly services: Readonly<Record<ServiceName, Supervised>>,
		readonly relays: Readonly<Record<ServiceName, Relay>>,
		readonly disk: SmallDisk,
		private readonly clocks: string,
	) {}

	/** @param models folder of the model store */
	static async start(models: string): Promise<System> {
		const disk = await makeSmallDisk(DISK_MEBIBYTES);
		// beside the small disk, which is full at times
		const clocks = await mkdtemp(join(tmpdir(), "archgen-chaos-clocks-"));
		const relays: Partial<Record<ServiceName, Relay>> = {};
		const services: Partial<Record<ServiceName, Supervised>> = {};
		for (const name of SERVICES) {
			const address = `127.0.0.1:${await getPort({ host: "127.0.0.1" })}`;
			const flags = ["--limits-drain-ms", "2000", ...flagsOf(name, { models, disk, relays })];
			// A server of somebody else must not be broken.
			services[name] = new Supervised(name, address, flags, join(clocks, name), {
				...process.env,
				DATABASE_URL: "",
			});
			relays[name] = await startRelay(address);
		}
		const system = new System(
			services as Record<ServiceName, Supervised>,
			relays as Record<ServiceName, Relay>,
			disk,
			clocks,
		);
		try {
			await Promise.all(SERVICES.map((name) => system.services[name].start()));
			return system;
		} catch (failure) {
			await system.stop();
			throw failure;
		}
	}

	/** Where callers reach the orchestrator. */
	get address(): string {
		return this.relays.orchestrator.address;
	}

	/** Process number of the database server; undefined while it is down. */
	async databasePid(): Promise<number | undefined> {
		const file = join(this.disk.folder, "postgres", "cluster", "postmaster.pid");
		const text = await readFile(file, "utf8").catch(() => "");
		return Number(text.split("\n")[0]) || undefined;
	}

	/** Ends all connections to the database; there are none while it is down. */
	async dropConnections(): Promise<void> {
		if ((await this.databasePid()) === undefined) return;
		const { url } = await startEmbeddedPostgres(join(this.disk.folder, "postgres"));
		const client = new pg.Client({ connectionString: url });
		client.on("error", () => {});
		await client
			.connect()
			.then(() => client.query(DROP))
			.catch(() => {})
			.finally(() => client.end());
	}

	/** Waits until all services are healthy. */
	async healthy(): Promise<void> {
		await Promise.all(SERVICES.map((name) => this.services[name].healthy()));
	}

	/** @returns exit codes of the services, null of one that had to be killed */
	async stop(): Promise<Readonly<Record<ServiceName, number | null>>> {
		// The database belongs to the orchestrator, which stops it; the others follow.
		const codes: Partial<Record<ServiceName, number | null>> = {};
		for (const name of [...SERVICES].reverse()) codes[name] = await this.services[name].stop();
		await Promise.all(Object.values(this.relays).map((relay) => relay.stop()));
		await this.disk.remove();
		await rm(this.clocks, { recursive: true, force: true });
		return codes as Record<ServiceName, number | null>;
	}
}

function flagsOf(
	name: ServiceName,
	{ models, disk, relays }: { models: string; disk: SmallDisk; relays: Partial<Record<ServiceName, Relay>> },
): string[] {
	if (name === "zc-proxy") {
		// few enough that they are full when a soak has warmed up
		const cache = ["--cache-entries", "2000", "--cache-file", join(disk.folder, "scores.jsonl")];
		return ["--workers", "1", ...cache];
	}
	if (name !== "orchestrator") return ["--models", models];
	const upstream = Object.entries(relays).flatMap(([other, relay]) => [`--upstream-${other}`, relay.address]);
	return [
		"--models",
		models,
		"--jobs-data",
		disk.folder,
		"--jobs-takeover-ms",
		"1500",
		...CHEAP,
		...upstream,
	];
}
