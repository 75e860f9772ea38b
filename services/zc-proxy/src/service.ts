import { inOrderOfCompletion } from "@archgen/concurrency";
import { type ImplementedService, implement, zcproxy } from "@archgen/rpc";
import { requireBatch } from "@archgen/wire";
import type { Admission } from "./admission.js";
import type { Evaluator, Task } from "./evaluator.js";
import {
	describeObjectives,
	describeProxies,
	type Settings,
	settingsFromMessage,
	settingsToMessage,
} from "./translate.js";

const MAX_ITEMS = 64;

/** Handlers of `ZcProxyService`. */
export function zcProxyService(
	evaluator: Evaluator,
	admission: Admission,
	workers: number,
): ImplementedService {
	return implement(
		zcproxy.ZcProxyServiceService,
		{
			evaluateBatch: async ({ items, settings: message, requestId }, context) => {
				requireBatch("items", items.length, MAX_ITEMS);
				const settings = settingsFromMessage(message);
				const leave = admission.enter(items.length);
				try {
					const tasks = items.map(
						(item, index): Task => ({ item, index, field: `items[${index}]`, settings }),
					);
					const results = await Promise.all(tasks.map((task) => evaluator.evaluate(task, context)));
					return { results, settings: settingsToMessage(settings), requestId };
				} finally {
					leave();
				}
			},
			evaluateStream: async function* (requests, context) {
				// Twice as many as workers, so that none waits for the network between two items.
				const results = inOrderOfCompletion(tasksOf(requests), 2 * workers, async (task) => {
					const leave = await admission.wait(context.signal);
					return evaluator.evaluate(task, context).finally(leave);
				});
				for await (const result of results) {
					yield { result };
				}
			},
			listProxies: async () => ({ proxies: describeProxies(), objectives: describeObjectives() }),
		},
		{ waiting: ["evaluateStream"] },
	);
}

/** Items of a stream, each with the settings that hold for it. */
async function* tasksOf(requests: AsyncIterable<zcproxy.EvaluateStreamRequest>): AsyncGenerator<Task> {
	let settings: Settings | undefined;
	let index = 0;
	for await (const request of requests) {
		if (settings === undefined || request.settings !== undefined) {
			settings = settingsFromMessage(request.settings);
		}
		const item = request.item ?? zcproxy.EvaluationItem.fromPartial({});
		yield { item, index, field: "item", settings };
		index += 1;
	}
}
