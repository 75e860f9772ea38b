import { describe, expect, it } from "vitest";
import { conditionOf, guidingBounds } from "./condition.js";
import { resolveRequest } from "./request.js";

const condition = (constraints: object, aim = 0) =>
	conditionOf(resolveRequest({ target: { size: 224, classes: 1000 }, constraints }), aim);
const target = { classes: 1000, inputSize: 224, depth: 250 };

describe("conditionOf", () => {
	it("asks for the upper bounds, else the lower ones, else for anything", () => {
		expect(condition({})).toEqual(target);
		expect(condition({ maxParameterCount: 2e6, minParameterCount: 1e6 })).toEqual({
			...target,
			parameterCount: 2e6,
		});
		expect(condition({ minFlopCount: 3e8 })).toEqual({ ...target, flopCount: 3e8 });
	});

	it("takes the tighter of flopCount and twice the multiply-accumulates", () => {
		expect(condition({ maxFlopCount: 450e6, maxMacCount: 100e6 }).flopCount).toBe(200e6);
		expect(condition({ maxFlopCount: 450e6, maxMacCount: 300e6 }).flopCount).toBe(450e6);
	});

	it("passes wishes for scores on as they are, whatever the aim", () => {
		const wishes = { naswot: 180, snipSsnr: 120 };
		const resolved = resolveRequest({ target: { size: 224, classes: 1000 }, constraints: {}, ...wishes });
		expect(conditionOf(resolved, 2)).toEqual({ ...target, ...wishes });
	});

	it("asks for the depth that is allowed, and for any where memory is bounded alone", () => {
		expect(condition({ maxDepth: 50 }).depth).toBe(50);
		expect(condition({ maxDepth: 1000 }).depth).toBe(250);
		expect(condition({ maxPeakActivationBytesInt8: 1e6 }).depth).toBeUndefined();
		expect(condition({ maxPeakActivationBytesInt8: 1e6, maxDepth: 40 }).depth).toBe(40);
		const wished = {
			target: { size: 32, classes: 10 },
			constraints: { maxPeakActivationBytesInt8: 1e6 },
			depth: 30,
		};
		expect(conditionOf(resolveRequest(wished), 0).depth).toBe(30);
		expect(conditionOf(resolveRequest({ ...wished, constraints: { maxDepth: 40 } }), 0).depth).toBe(40);
	});

	it("asks for as many parameters as are wished for where tight bounds on operations alone would make for fewer", () => {
		const ask = (constraints: object, aim = 0) => {
			const request = { target: { size: 32, classes: 10 }, constraints, parameters: 200e3 };
			const resolved = resolveRequest(request);
			const { minParameterCount } = guidingBounds(resolved, aim);
			return [conditionOf(resolved, aim).parameterCount, minParameterCount];
		};
		expect(ask({ maxMacCount: 2e6 })).toEqual([200e3, 200e3]);
		expect(ask({ maxMacCount: 2e6 }, 1)).toEqual([160e3, 160e3]);
		expect(ask({ maxMacCount: 2e6, maxParameterCount: 1e6 })).toEqual([1e6, undefined]);
		expect(ask({ maxMacCount: 2e6, minParameterCount: 1e5 })).toEqual([1e5, 1e5]);
		expect(ask({ maxMacCount: 2e6, maxPeakActivationBytesInt8: 1e6 })).toEqual([undefined, undefined]);
		expect(ask({ maxMacCount: 20e6 })).toEqual([undefined, undefined]);
		expect(ask({})).toEqual([undefined, undefined]);
	});

	it("takes the tighter of the bounds on maps, in bytes of 8 bits", () => {
		const bounds = { maxPeakActivationBytesInt8: 2e6, maxPeakActivationBytesFloat32: 4e6 };
		expect(condition(bounds).peakActivationBytesInt8).toBe(1e6);
		expect(condition({ maxPeakActivationBytesInt8: 2e6 }, 1).peakActivationBytesInt8).toBe(16e5);
	});

	it("aims lower or higher by fifths", () => {
		expect(condition({ maxFlopCount: 100e6 }, 2).flopCount).toBe(64e6);
		expect(condition({ maxFlopCount: 100e6 }, -1).flopCount).toBe(125e6);
	});
});
