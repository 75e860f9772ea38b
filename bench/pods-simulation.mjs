// What limits many zc-proxy pods, by simulation with measured times:
//   node bench/pods-simulation.mjs [--measured bench/pods-measured.json]
// Clients send evaluations round-robin, blind to how busy a pod is, with a bound on what they have in flight; a pod works on one after
// the other. Service times are drawn from the measured ones; a client spends its measured CPU time on each call, one after the other.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createRandom } from "@archgen/random";

const { values: options } = parseArgs({
	options: {
		measured: { type: "string", default: fileURLToPath(new URL("pods-measured.json", import.meta.url)) },
	},
});
const { serviceSeconds, clientMs } = JSON.parse(readFileSync(options.measured, "utf8"));
const mean = serviceSeconds.reduce((sum, seconds) => sum + seconds, 0) / serviceSeconds.length;

/** Events by time: a binary heap of [time, action]. */
class Events {
	#heap = [];

	add(time, action) {
		const heap = this.#heap;
		let i = heap.push([time, action]) - 1;
		while (i > 0 && heap[(i - 1) >> 1][0] > time) {
			heap[i] = heap[(i - 1) >> 1];
			i = (i - 1) >> 1;
		}
		heap[i] = [time, action];
	}

	/** Runs everything in order of time; returns the time of the last. */
	run() {
		const heap = this.#heap;
		let now = 0;
		while (heap.length > 0) {
			const [time, action] = heap[0];
			now = time;
			const last = heap.pop();
			if (heap.length > 0) this.#sink(last);
			action(time);
		}
		return now;
	}

	#sink(entry) {
		const heap = this.#heap;
		let i = 0;
		for (;;) {
			let child = 2 * i + 1;
			if (child >= heap.length) break;
			if (child + 1 < heap.length && heap[child + 1][0] < heap[child][0]) child++;
			if (heap[child][0] >= entry[0]) break;
			heap[i] = heap[child];
			i = child;
		}
		heap[i] = entry;
	}
}

/**
 * Seconds that `evaluations` take on `pods` pods, sent by `clients` clients with `inFlight` each, and those that pods worked.
 * Pods may be `speed` times as fast as measured.
 */
function simulate({ pods, evaluations, clients, inFlight, speed = 1, seed }) {
	const random = createRandom(seed);
	const events = new Events();
	const freeAt = new Float64Array(pods);
	let left = evaluations;
	let worked = 0;
	for (let c = 0; c < clients; c++) {
		// Each client goes round from a place of its own.
		let next = random.integer(pods);
		let clientFree = 0;
		const send = (now) => {
			if (left === 0) return;
			left--;
			clientFree = Math.max(clientFree, now) + clientMs / 1000;
			const pod = next++ % pods;
			events.add(clientFree, (arrival) => {
				const seconds = serviceSeconds[random.integer(serviceSeconds.length)] / speed;
				worked += seconds;
				freeAt[pod] = Math.max(freeAt[pod], arrival) + seconds;
				events.add(freeAt[pod], send);
			});
		};
		for (let i = 0; i < inFlight; i++) events.add(0, send);
	}
	return { seconds: events.run(), worked };
}

const SEEDS = [0, 1, 2, 3, 4];

/** Prints means of several simulations: evaluations a second, the share of the pods' time that was used, seconds in all. */
function row(title, task) {
	const runs = SEEDS.map((seed) => simulate({ ...task, seed }));
	const meanOf = (key) => runs.reduce((sum, run) => sum + run[key], 0) / runs.length;
	const seconds = meanOf("seconds");
	const used = `${Math.round((100 * meanOf("worked")) / (task.pods * seconds))} %`;
	const settings = [title, task.speed ?? 1, task.pods, task.clients, task.inFlight];
	const results = [(task.evaluations / seconds).toFixed(1), used, `${seconds.toFixed(1)} s`];
	console.log(`| ${[...settings, ...results].join(" | ")} |`);
}

const range = `from ${Math.min(...serviceSeconds)} to ${Math.max(...serviceSeconds)} s`;
console.log(`service time: mean ${mean.toFixed(3)} s, ${range}; client ${clientMs.toFixed(2)} ms a call\n`);
console.log("| work | speed | pods | clients | in flight of each | evaluations/s | used | total |");
console.log("|---|---:|---:|---:|---:|---:|---:|---:|");
for (const pods of [1, 2, 10, 100, 1000]) {
	for (const perPod of [1, 2, 4])
		row("steady", { pods, clients: 1, inFlight: pods * perPod, evaluations: 100 * pods });
}
// Faster pods need a client that keeps up, or more of them.
for (const pods of [100, 1000]) {
	for (const clients of [1, 4, 16])
		row("steady", { pods, clients, inFlight: (2 * pods) / clients, evaluations: 100 * pods, speed: 8 });
}
for (const pods of [10, 100, 1000])
	row("request of 100", { pods, clients: 1, inFlight: Math.min(100, 2 * pods), evaluations: 100 });
for (const pods of [10, 100, 1000])
	row("HL-Evo of 20,000", { pods, clients: 1, inFlight: 2 * pods, evaluations: 20_000 });
