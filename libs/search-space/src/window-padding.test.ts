import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Axis, coveredAt, positionsOf, windowPadding } from "./window-padding.js";

const arbitraryAxis = fc
	.record({
		size: fc.integer({ min: 1, max: 40 }),
		half: fc.integer({ min: 0, max: 4 }),
		stride: fc.constantFrom(1, 2),
	})
	.map(({ half, ...axis }): Axis => ({ ...axis, window: 2 * half + 1, padding: half }));

/** Places that each position of a window sees, -1 for padding, where padding begins `before` the axis. */
function seen(positions: number, { size, window, stride }: Axis, before: number): number[][] {
	const place = (p: number, k: number) => p * stride - before + k;
	return Array.from({ length: positions }, (_, p) =>
		Array.from({ length: window }, (_, k) => (place(p, k) < size ? Math.max(-1, place(p, k)) : -1)),
	);
}

describe("windowPadding", () => {
	it("shows the window the same numbers as equal padding does", () => {
		const agrees = fc.property(arbitraryAxis, (axis) => {
			const { scheme, positions, zeros } = windowPadding([axis]);
			const wanted = seen(positionsOf(axis), axis, axis.padding);
			if (scheme === "SAME") {
				const same = Math.ceil(axis.size / axis.stride);
				const total = Math.max(0, (same - 1) * axis.stride + axis.window - axis.size);
				expect(seen(same, axis, Math.floor(total / 2))).toEqual(wanted);
			} else {
				const [before, after] = scheme === "VALID" ? [0, 0] : zeros[0]!;
				const padded = axis.size + before + after;
				expect(Math.floor((padded - axis.window) / axis.stride) + 1).toBe(positions[0]);
				expect(seen(positions[0]!, axis, before)).toEqual(wanted);
			}
		});
		fc.assert(agrees, { numRuns: 500 });
	});

	it("is explicit where a stride of 2 leaves an odd zero, and pads no more than is read", () => {
		const axis = { window: 3, stride: 2, padding: 1 };
		expect(windowPadding([{ ...axis, size: 32 }])).toMatchObject({ scheme: "EXPLICIT", zeros: [[1, 0]] });
		expect(windowPadding([{ ...axis, size: 33 }])).toMatchObject({ scheme: "SAME", positions: [17] });
		expect(
			windowPadding([
				{ ...axis, size: 33 },
				{ ...axis, size: 32 },
			]),
		).toMatchObject({ scheme: "EXPLICIT" });
	});

	it("counts the numbers under a window", () => {
		const counts = fc.property(arbitraryAxis, (axis) => {
			const places = seen(positionsOf(axis), axis, axis.padding);
			expect(coveredAt(axis)).toEqual(places.map((window) => window.filter((place) => place >= 0).length));
		});
		fc.assert(counts);
	});
});
