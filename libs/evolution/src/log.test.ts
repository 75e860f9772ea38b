import { addDrops, type DropCounts, RANDOM_CELLS, type ScoreOutcome } from "@archgen/design";
import { type Network, networkHash } from "@archgen/search-space";
import fc from "fast-check";
import { expect, it } from "vitest";
import { launchToLine, parseHistory, parseLaunch, recordToLine } from "./history.js";
import type { EvolutionLog, FailedLaunch } from "./log.js";
import { type EvolutionHooks, EvolutionRun } from "./run-evolution.js";
import { plainScore, SMALL } from "./testing.suite.js";

const OPTIONS = { ...SMALL, evaluations: 20 };

/** A log that keeps lines, as a database would, and dies before or after the n-th write. */
class Journal {
	readonly launches = new Map<number, string>();
	readonly records: string[] = [];
	readonly failed: FailedLaunch[] = [];
	dropped: DropCounts = {};
	writes = 0;

	hooks(dieAt: number): EvolutionHooks {
		const write = (change: () => void) => {
			if (++this.writes === dieAt) throw new Error("killed before");
			change();
			if (++this.writes === dieAt) throw new Error("killed after");
		};
		return {
			onLaunch: (launch) =>
				write(() => {
					this.launches.set(launch.proposal, launchToLine(launch, OPTIONS.target));
					this.dropped = addDrops(this.dropped, launch.dropped);
				}),
			onRecord: (record) => write(() => void this.records.push(recordToLine(record))),
			onFailure: ({ proposal, hash }, reason) =>
				write(() => void this.failed.push({ proposal, hash, reason })),
		};
	}

	read(): EvolutionLog {
		const history = parseHistory(this.records.join("\n"));
		const settled = new Set([...history, ...this.failed].map(({ proposal }) => proposal));
		const open = [...this.launches].filter(([proposal]) => !settled.has(proposal));
		return {
			history,
			failed: this.failed,
			open: open.sort(([a], [b]) => a - b).map(([, line]) => parseLaunch(line)),
			dropped: this.dropped,
		};
	}
}

/** Fails for about one network in five, always the same ones; later calls may come back first. */
async function evaluate(network: Network): Promise<ScoreOutcome> {
	const hash = Number.parseInt(networkHash(network).slice(-4), 16);
	for (let i = 0; i < hash % 7; i++) await null;
	return hash % 5 === 0 ? { ok: false, reason: "UNLUCKY" } : { ok: true, parts: [plainScore(network)] };
}

/** Runs to the end, dying and starting again on the way. */
async function runThrough(parallelism: number, deaths: readonly number[]): Promise<Journal> {
	const journal = new Journal();
	for (const death of [...deaths, 0]) {
		journal.writes = 0;
		const scorer = { score: evaluate };
		const run = new EvolutionRun(
			{ ...OPTIONS, parallelism },
			{ cells: RANDOM_CELLS, scorer },
			journal.hooks(death),
			journal.read(),
		);
		try {
			for (let records = 3; !(await run.advance(records)); records += 3);
		} catch (error) {
			expect(String(error)).toContain("killed");
		} finally {
			await run.close();
		}
	}
	return journal;
}

const deaths = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 4 });

it("one in flight: a run that dies at any writes gives the very lines of an uninterrupted one", async () => {
	const whole = await runThrough(1, []);
	expect(whole.failed.length).toBeGreaterThan(0);
	await fc.assert(
		fc.asyncProperty(deaths, async (points) => {
			const broken = await runThrough(1, points);
			expect(broken.records).toEqual(whole.records);
			expect(broken.failed).toEqual(whole.failed);
			expect(broken.launches).toEqual(whole.launches);
		}),
		{ numRuns: 15 },
	);
});

it("many in flight: every launch has one outcome, no network is launched twice, the budget is met exactly", async () => {
	await fc.assert(
		fc.asyncProperty(deaths, async (points) => {
			const journal = await runThrough(4, points);
			const { history, failed, open, dropped } = journal.read();
			expect(history).toHaveLength(OPTIONS.evaluations);
			expect(open).toEqual([]);
			expect(history.length + failed.length).toBe(journal.launches.size);
			expect(new Set([...history, ...failed].map(({ hash }) => hash)).size).toBe(journal.launches.size);
			// Every proposal up to the last launch was launched or dropped, none twice.
			const drops = Object.values(dropped).reduce((sum, count) => sum + count, 0);
			expect(Math.max(...journal.launches.keys()) + 1).toBe(journal.launches.size + drops);
		}),
		{ numRuns: 15 },
	);
});
