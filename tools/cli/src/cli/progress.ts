import type { Progress, ProgressOptions } from "@archgen/pipeline";
import { duration } from "@archgen/text";
import cliProgress from "cli-progress";

/** The part of a stream that commands write to. */
export interface TextSink {
	write(text: string): unknown;
	/** True on a terminal, where a bar may be redrawn in place. */
	readonly isTTY?: boolean;
}

/** Seconds between two lines where there is no terminal to redraw. */
const LINE_EVERY = 10;

/** {@link ProgressOptions} with a clock for tests. */
interface TimedOptions extends ProgressOptions {
	/** Milliseconds; the process's clock unless given. */
	readonly now?: () => number;
}

/** A bar with an ETA on a terminal, else a line now and then. */
export function startProgress(stderr: TextSink, options: TimedOptions): Progress {
	return stderr === process.stderr && stderr.isTTY ? startBar(options) : startLines(stderr, options);
}

/** Remaining time by the speed of this run. */
function etaOf({ total, start = 0 }: ProgressOptions, done: number, seconds: number): string {
	return done > start ? duration(((total - done) * seconds) / (done - start)) : "?";
}

function startBar(options: TimedOptions): Progress {
	const { title, total, start = 0, now = Date.now } = options;
	const began = now();
	const bar = new cliProgress.SingleBar({
		format: `${title} [{bar}] {value}/{total} · {left} left {note}`,
		stream: process.stderr,
		hideCursor: false, // a second Ctrl-C must not leave a terminal without a cursor
	});
	bar.start(total, start, { left: "?", note: "" });
	return {
		update: (done, note = "") =>
			bar.update(done, { left: etaOf(options, done, (now() - began) / 1000), note }),
		stop: () => bar.stop(),
	};
}

function startLines(stderr: TextSink, options: TimedOptions): Progress {
	const { title, total, now = Date.now } = options;
	const began = now();
	let last = began;
	return {
		update: (done, note = "") => {
			if (done < total && now() - last < LINE_EVERY * 1000) return;
			last = now();
			const left = etaOf(options, done, (now() - began) / 1000);
			stderr.write(`${title} ${done}/${total}, ${left} left${note === "" ? "" : ` ${note}`}\n`);
		},
		stop: () => {},
	};
}
