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

/** Seconds that `evaluations` take on `pods` pods, sent by `clients` clients with `inFlight` each. */
function simulate({ pods, evaluations, clients, inFlight, seed }) {
	const random = createRandom(seed);
	const events = new Events();
	const freeAt = new Float64Array(pods);
	let left = evaluations;
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
				const seconds = serviceSeconds[random.integer(serviceSeconds.length)];
				freeAt[pod] = Math.max(freeAt[pod], arrival) + seconds;
				events.add(freeAt[pod], send);
			});
		};
		for (let i = 0; i < inFlight; i++) events.add(0, send);
	}
	return events.run();
}

const SEEDS = [0, 1, 2, 3, 4];
/** Mean of several simulations: seconds, evaluations a second, and the share of the pods' time that was used. */
function averaged(task) {
	const seconds = SEEDS.map((seed) => simulate({ ...task, seed })).reduce((a, b) => a + b, 0) / SEEDS.length;
	return {
		seconds,
		rate: task.evaluations / seconds,
		used: (task.evaluations * mean) / (task.pods * seconds),
	};
}

function row(title, task) {
	const { seconds, rate, used } = averaged(task);
	console.log(
		`| ${title} | ${task.pods} | ${task.clients} | ${task.inFlight} | ${rate.toFixed(1)} | ${Math.round(100 * used)} % | ${seconds.toFixed(1)} s |`,
	);
}

console.log(
	`service time: mean ${mean.toFixed(3)} s, from ${Math.min(...serviceSeconds)} to ${Math.max(...serviceSeconds)} s; client ${clientMs.toFixed(2)} ms a call\n`,
);
console.log(
	"| work | pods | clients | in flight of each | evaluations/s | used | total |\n|---|---:|---:|---:|---:|---:|---:|",
);
for (const pods of [1, 2, 10, 100, 1000]) {
	for (const perPod of [1, 2, 4])
		row("steady", { pods, clients: 1, inFlight: pods * perPod, evaluations: 200 * pods });
}
for (const clients of [4, 16])
	row("steady", { pods: 1000, clients, inFlight: 2000 / clients, evaluations: 200_000 });
for (const pods of [10, 100, 1000])
	row("a request of 100 candidates", {
		pods,
		clients: 1,
		inFlight: Math.min(100, 2 * pods),
		evaluations: 100,
	});
for (const pods of [10, 100, 1000])
	row("HL-Evo, 20,000 evaluations", { pods, clients: 1, inFlight: 2 * pods, evaluations: 20_000 });
