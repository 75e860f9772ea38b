/** What the gateway answers a failed call with. */
export interface Problem {
	readonly title: string;
	readonly status: number;
	readonly detail: string;
	readonly reason: string;
	readonly errors?: readonly { readonly field: string; readonly detail: string }[];
	readonly metadata?: Readonly<Record<string, string>>;
	readonly retryAfterMs?: number;
}

/** A failed call. */
export class CallError extends Error {
	constructor(readonly problem: Problem) {
		super(problem.detail);
	}

	/** The complaint about one field, by its path in the request. */
	of(field: string): string | undefined {
		return this.problem.errors?.find((error) => error.field === field)?.detail;
	}
}

/** Settings of a call. */
export interface CallOptions {
	readonly signal?: AbortSignal;
	readonly timeoutMs?: number;
}

const TOKEN_KEY = "archgen-token";
const SERVICES = {
	orchestrator: "archgen.orchestrator.v1.OrchestratorService",
	jobs: "archgen.orchestrator.v1.EvolutionJobService",
	operations: "google.longrunning.Operations",
	proxies: "archgen.zcproxy.v1.ZcProxyService",
} as const;
export type ServiceKey = keyof typeof SERVICES;

/** Keeps the bearer token for as long as the tab is open. */
export function setToken(token: string): void {
	sessionStorage.setItem(TOKEN_KEY, token);
}

async function post(
	service: ServiceKey,
	method: string,
	body: unknown,
	options: CallOptions,
): Promise<Response> {
	const token = sessionStorage.getItem(TOKEN_KEY);
	const reply = await fetch(`./api/${SERVICES[service]}/${method}`, {
		method: "POST",
		headers: {
			"content-type": "application/json",
			...(token ? { authorization: `Bearer ${token}` } : {}),
			...(options.timeoutMs ? { "x-timeout-ms": String(options.timeoutMs) } : {}),
		},
		body: JSON.stringify(body),
		...(options.signal ? { signal: options.signal } : {}),
	}).catch((cause: unknown) => {
		throw options.signal?.aborted ? cause : gone();
	});
	if (!reply.ok) throw new CallError(await readProblem(reply));
	return reply;
}

async function readProblem(reply: Response): Promise<Problem> {
	const body = (await reply.json().catch(() => undefined)) as Partial<Problem> | undefined;
	// A server that stops, or one in between, answers in a form of its own.
	if (body?.title && body.reason) return body as Problem;
	const { status } = reply;
	const title = status === 502 || status === 503 ? "UNAVAILABLE" : "INTERNAL";
	return { title, status, detail: `The gateway answered ${status}.`, reason: "UNKNOWN" };
}

function gone(): CallError {
	const detail = "The gateway does not answer; is “archgen ui” still running?";
	return new CallError({ title: "UNAVAILABLE", status: 503, detail, reason: "GATEWAY_GONE" });
}

/** Calls a method that answers with one message. */
export async function call<T>(
	service: ServiceKey,
	method: string,
	body: unknown,
	options: CallOptions = {},
): Promise<T> {
	return (await post(service, method, body, options)).json() as Promise<T>;
}

/** Calls a method that answers with a stream. Leaving the loop ends the call. */
export async function* stream<T>(
	service: ServiceKey,
	method: string,
	body: unknown,
	options: CallOptions = {},
): AsyncGenerator<T, void, undefined> {
	const { body: bytes } = await post(service, method, body, options);
	const reader = bytes!.pipeThrough(new TextDecoderStream()).getReader();
	let text = "";
	try {
		for (;;) {
			const { done, value } = await reader.read().catch((cause: unknown) => {
				throw options.signal?.aborted ? cause : gone();
			});
			if (done) throw gone();
			text += value;
			const blocks = text.split("\n\n");
			text = blocks.pop()!;
			for (const { name, data } of blocks.flatMap(eventOf)) {
				if (name === "end") return;
				if (name === "error") throw new CallError(JSON.parse(data) as Problem);
				yield JSON.parse(data) as T;
			}
		}
	} finally {
		reader.cancel().catch(() => {});
	}
}

function eventOf(block: string): { name: string; data: string }[] {
	const found = /^event: (\w+)\ndata: (.*)$/s.exec(block);
	return found ? [{ name: found[1]!, data: found[2]! }] : [];
}

/** The failure of a call in one form; a call that was cancelled on purpose is undefined. */
export function problemOf(failure: unknown): CallError | undefined {
	if (failure instanceof CallError) return failure;
	if (failure instanceof DOMException && failure.name === "AbortError") return undefined;
	const detail = failure instanceof Error ? failure.message : String(failure);
	return new CallError({ title: "INTERNAL", status: 0, detail, reason: "PAGE" });
}
