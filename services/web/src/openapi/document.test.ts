import { Validator } from "@seriousme/openapi-schema-validator";
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { expect, test } from "vitest";
import { gatewayServices } from "../protocol.js";
import { openApiDocument } from "./document.js";

const document = openApiDocument();
const { schemas } = document.components as { schemas: Record<string, Record<string, unknown>> };

/** Checks values against a component of the document. */
function validatorOf(name: string) {
	const ajv = new Ajv2020({ strict: false, allErrors: true });
	formats.default(ajv);
	ajv.addFormat("uint64", true);
	ajv.addSchema({ $id: "archgen", ...document }, "archgen");
	return ajv.getSchema(`archgen#/components/schemas/${name}`)!;
}

test("the document is valid OpenAPI 3.1 and every reference leads somewhere", async () => {
	const validator = new Validator();
	const { valid, errors } = await validator.validate(structuredClone(document));
	expect(errors).toBeUndefined();
	expect(valid).toBe(true);
	expect(validator.version).toBe("3.1");
	const text = JSON.stringify(document);
	for (const [, name] of text.matchAll(/"#\/components\/schemas\/([^"]+)"/g))
		expect(schemas).toHaveProperty([name!]);
});

test("every method of the services has a path, and every one of ours a description", () => {
	const paths = document.paths as Record<string, { post: { description?: string; operationId: string } }>;
	const methods = gatewayServices.flatMap(({ service }) => service.methods);
	expect(Object.keys(paths)).toHaveLength(methods.length);
	expect(methods.length).toBeGreaterThan(25);
	const ids = Object.values(paths).map(({ post }) => post.operationId);
	expect(new Set(ids).size).toBe(ids.length);
	for (const [path, { post }] of Object.entries(paths)) expect(post.description, path).toBeTruthy();
});

test("fields carry their comments, requirements and forms", () => {
	const { properties, required } = schemas["archgen.orchestrator.v1.GenerationSpec"] as {
		properties: Record<string, { description: string; type?: unknown }>;
		required: string[];
	};
	expect(required).toEqual(["inputSize", "classCount"]);
	expect(properties.inputSize!.description).toMatch(/pixels/);
	expect(properties.seed!.type).toEqual(["string", "integer"]);
	expect(schemas["archgen.common.v1.OperationType"]!.enum).toContain("OPERATION_TYPE_CONV");
});

test.each([
	["archgen.zcproxy.v1.ProxyValue", { value: 1.5 }, true],
	["archgen.zcproxy.v1.ProxyValue", { value: "NaN" }, true],
	["archgen.zcproxy.v1.ProxyValue", {}, true],
	["archgen.zcproxy.v1.ProxyValue", { value: 1, failure: { reason: "A", message: "b" } }, false],
	["archgen.common.v1.Constraints", { maxFlopCount: "450000000" }, true],
	["archgen.common.v1.Constraints", { maxFlopCount: 450_000_000 }, true],
	["archgen.common.v1.Constraints", { maxFlopCount: "450M" }, false],
	["archgen.common.v1.Edge", { from: -1, to: 2 }, false],
	["archgen.orchestrator.v1.GenerationSpec", { inputSize: 32 }, false],
])("%s: %j is valid: %s", (name, value, expected) => {
	expect(validatorOf(name)(value)).toBe(expected);
});
