import { describe, expect, it } from "vitest";
import { randomNetwork } from "../testing/random-network.js";
import { EXPORT_FORMATS, EXPORTERS } from "./exporter.js";

describe.each(EXPORT_FORMATS)("exporter %s", (format) => {
	const exporter = EXPORTERS[format];

	it("gives the same bytes for the same network", () => {
		expect(exporter.write(randomNetwork(1))).toEqual(exporter.write(randomNetwork(1)));
	});

	it("gives different bytes for different networks", () => {
		expect(exporter.write(randomNetwork(1))).not.toEqual(exporter.write(randomNetwork(2)));
	});

	it("has an extension of its own", () => {
		const others = EXPORT_FORMATS.filter((other) => other !== format);
		expect(others.map((other) => EXPORTERS[other].extension)).not.toContain(exporter.extension);
		expect(exporter.extension).toMatch(/^[a-z]+$/);
	});

	it("writes both kinds of head", () => {
		const network = { ...randomNetwork(3), finalChannels: null };
		expect(exporter.write(network)).not.toEqual(exporter.write({ ...network, finalChannels: 64 }));
	});

	it("keeps where the network comes from", () => {
		const provenance = { "archgen.seed": "7", "archgen.scores": '{"tcet":1.5}' };
		const text = Buffer.from(exporter.write(randomNetwork(1), { provenance })).toString("utf8");
		expect(text).toContain("archgen.seed");
		expect(text).toMatch(/tcet/);
		expect(Buffer.from(exporter.write(randomNetwork(1))).toString("utf8")).not.toContain("archgen.seed");
	});
});
