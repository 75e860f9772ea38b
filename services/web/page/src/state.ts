import type { LatencyTable } from "@archgen/latency/model";
import { computed, signal } from "@preact/signals";
import { get, set } from "idb-keyval";
import type { GenerationResult, GenerationSpec, Margin, Network } from "./api/types.js";

/** Where the page is: `#/answers/3?network=1` → ["answers", "3"] with its parameters. */
const hash = signal(location.hash);
addEventListener("hashchange", () => {
	const before = route.value.view;
	hash.value = location.hash;
	// another view begins at its top
	if (route.value.view !== before) scrollTo(0, 0);
});
export const route = computed(() => {
	const [path = "", query = ""] = hash.value.replace(/^#\/?/, "").split("?");
	const [view = "", ...rest] = path.split("/").map(decodeURIComponent);
	return { view: view || "ask", rest, query: new URLSearchParams(query) };
});

/** Goes to a place of the page. */
export function go(path: string): void {
	location.hash = `#/${path}`;
}

/** An answer with the request that it answers. */
export interface Answer {
	readonly id: string;
	/** Milliseconds since the epoch. */
	readonly time: number;
	readonly spec: GenerationSpec;
	readonly result: GenerationResult;
}

const KEPT = 20;

/** Answers of this browser, the latest first; they survive a restart of the page. */
export const answers = signal<readonly Answer[]>([]);
const answersLoaded = get<Answer[]>("answers")
	.then((kept) => {
		answers.value = [...answers.value, ...(kept ?? [])];
	})
	.catch(() => {});

/** Keeps an answer. */
export function keepAnswer(answer: Answer): void {
	answers.value = [answer, ...answers.value].slice(0, KEPT);
	void set("answers", answers.value).catch(() => {});
}

/** Forgets an answer. */
export function forgetAnswer(id: string): void {
	answers.value = answers.value.filter((answer) => answer.id !== id);
	void set("answers", answers.value).catch(() => {});
}

/** Address of the orchestrator that the gateway asks, as it says itself. */
export const orchestrator = signal("127.0.0.1:50050");

/** A value that this browser keeps under a name. */
function kept<T>(name: string, empty: T) {
	const value = signal<T>(empty);
	const loaded = get<T>(name)
		.then((found) => {
			if (found !== undefined) value.value = found;
		})
		.catch(() => {});
	const keep = (next: T) => {
		value.value = next;
		void set(name, next).catch(() => {});
	};
	return { value, loaded, keep };
}

const table = kept<LatencyTable | undefined>("latency-table", undefined);
/** Latency of operations on the device that networks are for; undefined until somebody gives one. */
export const latencyTable = table.value;
export const keepLatencyTable = table.keep;

const measured = kept<Readonly<Record<string, number>>>("accuracies", {});
/** Accuracies in per cent that the reader measured, by hash of the network. */
export const accuracies = measured.value;

/** Keeps the accuracy of a network; undefined forgets it. */
export function keepAccuracy(hash: string, accuracy: number | undefined): void {
	const { [hash]: _, ...others } = accuracies.value;
	measured.keep(accuracy === undefined ? others : { ...others, [hash]: accuracy });
}

/** Fires when everything that this browser keeps is there. */
export const stateLoaded = Promise.all([answersLoaded, table.loaded, measured.loaded]);

/** A network to look at, with where it comes from. */
export interface Shown {
	readonly title: string;
	readonly network: Network;
	readonly scores: Readonly<Record<string, number>>;
	/** Seed of the weights that exports carry. */
	readonly seed: string;
	readonly margins?: readonly Margin[];
	/** Version of the model that it came from, if one drew it. */
	readonly origin?: string;
}

/** Networks that were opened, by hash. */
export const shown = signal<ReadonlyMap<string, Shown>>(new Map());

/** Opens a network in the view of one network. */
export function open(item: Shown, beside?: string): void {
	shown.value = new Map(shown.value).set(item.network.hash, item);
	go(`network/${item.network.hash}${beside ? `?beside=${beside}` : ""}`);
}
