import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { DEPLOY, REPOSITORY } from "./folder.js";
import { SERVICE_NAMES } from "./services.js";

const read = (file: string) => readFileSync(join(DEPLOY, file), "utf8");
const { version } = JSON.parse(readFileSync(join(REPOSITORY, "package.json"), "utf8")) as { version: string };

function run(script: string, ...args: string[]) {
	return spawnSync(join(DEPLOY, script), args, { encoding: "utf8" });
}

/** The services that a script names, from the line that lists them. */
function servicesOf(script: string): string[] {
	const [, names] = /services(?::=|=")([a-z -]+)/.exec(read(script))!;
	return names!.split(" ").sort();
}

test.each(["build-images.sh", "run-images.sh", "try-kubernetes.mjs"])("%s tells how it is used", (script) => {
	const { status, stdout } = run(script, "--help");
	expect([status, stdout]).toEqual([0, expect.stringContaining(`Usage: deploy/${script}`)]);
	expect(stdout).toContain("Example: ");
	expect(stdout).toContain("Exit codes: ");
	const wrong = run(script, "--hepl");
	expect([wrong.status, wrong.stderr]).toEqual([2, expect.stringContaining("--help")]);
});

test("a service that is none is refused by name", () => {
	const { status, stderr } = run("build-images.sh", "zc-poxy");
	expect([status, stderr]).toEqual([2, expect.stringContaining("zc-poxy")]);
});

test("the scripts build and run every service that is deployed", () => {
	expect(servicesOf("build-images.sh")).toEqual([...SERVICE_NAMES, "postgres"].sort());
	expect(servicesOf("run-images.sh")).toEqual([...SERVICE_NAMES].sort());
});

test("images are built under the names that compose file and manifests ask for", () => {
	const compose = parse(read("compose/compose.yaml"), { merge: true }) as {
		services: Record<string, { image: string }>;
	};
	const { images } = parse(read("kubernetes/base/kustomization.yaml")) as {
		images: { name: string; newTag: string }[];
	};
	const built = SERVICE_NAMES.map((name) => `archgen/${name}:${version}`).sort();
	expect(SERVICE_NAMES.map((name) => compose.services[name]!.image).sort()).toEqual(built);
	expect(images.map(({ name, newTag }) => `${name}:${newTag}`).sort()).toEqual(built);
	expect(read("build-images.sh")).toContain("image=localhost/archgen/$1:$version");
	const [, postgres] = /ARCHGEN_POSTGRES_IMAGE=(\S+)/.exec(read("run-images.sh"))!;
	expect(read("build-images.sh")).toContain(`postgres=${postgres}\n`);
	expect(compose.services.postgres!.image).toMatch(/^\$\{ARCHGEN_POSTGRES_IMAGE:-/);
});

test("the container file is built as it is, on the Node that it names, with its own list of what enters", () => {
	const script = read("build-images.sh");
	expect(script).toContain('--file "$repository/deploy/Dockerfile"');
	expect(script).toContain('--ignorefile "$repository/deploy/Dockerfile.dockerignore"');
	const [, pattern] = /^node_major=\$\(sed -n '([^']+)'/m.exec(script)!;
	const major = spawnSync("sed", ["-n", pattern!, join(DEPLOY, "Dockerfile")], { encoding: "utf8" });
	expect(major.stdout).toBe("20\n");
});

test("the entry of the database takes the variables that the compose file sets", () => {
	const { services } = parse(read("compose/compose.yaml"), { merge: true }) as {
		services: { postgres: { environment: Record<string, string> } };
	};
	const script = read("compose/start-postgres.sh");
	for (const variable of Object.keys(services.postgres.environment))
		expect(script).toMatch(new RegExp(`\\$${variable}\\b`));
});

test("the guide makes the namespace by its manifest: `kubectl apply` warns of one made by `kubectl create`", () => {
	expect(read("README.md")).toContain("\nkubectl apply -f deploy/kubernetes/base/namespace.yaml\n");
	expect(read("README.md")).not.toMatch(/^kubectl create namespace/m);
});
