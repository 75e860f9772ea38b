import { setTimeout as sleep } from "node:timers/promises";
import type { Fault, FaultKind, ServiceName } from "./plan.js";
import type { System } from "./system.js";

/** Makes a fault, waits while it lasts and ends it. */
type Breaker = (system: System, fault: Fault) => Promise<void>;

/** How each kind of fault is made. */
const BREAKERS: Readonly<Record<FaultKind, Breaker>> = {
	kill: async (system, { target, lastsMs }) => {
		const service = system.services[target as ServiceName];
		service.restartMs = lastsMs;
		service.kill();
		await sleep(lastsMs);
	},
	freeze: async (system, { target, lastsMs }) => {
		const service = system.services[target as ServiceName];
		service.signal("SIGSTOP");
		await sleep(lastsMs);
		service.signal("SIGCONT");
	},
	cut: async (system, { target, lastsMs }) => {
		const relay = system.relays[target as ServiceName];
		relay.setOpen(false);
		relay.cut();
		await sleep(lastsMs);
		relay.setOpen(true);
	},
	"clock-jump": async (system, { target, lastsMs, jumpMs = 0 }) => {
		const service = system.services[target as ServiceName];
		await service.setClock(jumpMs);
		await sleep(lastsMs);
		await service.setClock(0);
	},
	"lost-database": async (system, { lastsMs }) => {
		// SIGQUIT is PostgreSQL's immediate shutdown: no checkpoint, recovery at the next start.
		const pid = await system.databasePid();
		if (pid !== undefined) process.kill(pid, "SIGQUIT");
		await sleep(lastsMs);
	},
	"lost-connections": async (system, { lastsMs }) => {
		await system.dropConnections();
		await sleep(lastsMs);
	},
	"full-disk": async (system, { lastsMs }) => {
		await system.disk.fill();
		await sleep(lastsMs);
		await system.disk.free();
	},
};

/** Lets a fault happen. */
export function breakWith(system: System, fault: Fault): Promise<void> {
	return BREAKERS[fault.kind](system, fault);
}
