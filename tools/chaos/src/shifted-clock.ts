import { readFileSync } from "node:fs";

// Loaded into a service before all else (`node --import`), in its worker threads too: the wall clock is as many milliseconds ahead as the file says that
// ARCHGEN_CHAOS_CLOCK names. Monotonic clocks and timers go on as they are, as they do where somebody sets a machine's clock.

const LOOK_MS = 20;
const RealDate = Date;
let aheadMs = 0;

const now = () => RealDate.now() + aheadMs;

globalThis.Date = new Proxy(RealDate, {
	apply: () => new RealDate(now()).toString(),
	construct: (target, given, newTarget) =>
		Reflect.construct(target, given.length > 0 ? given : [now()], newTarget),
	get: (target, name, receiver) => (name === "now" ? now : Reflect.get(target, name, receiver)),
});

const file = process.env.ARCHGEN_CHAOS_CLOCK!;
setInterval(() => {
	aheadMs = Number(readFileSync(file, "utf8"));
}, LOOK_MS).unref();
