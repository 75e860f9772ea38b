// A Kubernetes control plane on loopback, without scheduler and kubelet: etcd, kube-apiserver and kube-controller-manager.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** Programs that must be found. */
const PROGRAMS = ["etcd", "kube-apiserver", "kube-controller-manager", "kubectl", "openssl"];

/** What an action throws, as a list of one message; empty when it succeeds. */
export function problemsOf(action) {
	try {
		action();
		return [];
	} catch ({ message }) {
		return [message];
	}
}

/** Waits until a look finds no problems; throws those that it last found after 60 s, or as many as are given. */
export async function eventually(look, seconds = 60) {
	for (const end = Date.now() + seconds * 1000; ; await sleep(500)) {
		const problems = look();
		if (problems.length === 0) return;
		if (Date.now() > end) throw new Error(problems.join("\n"));
	}
}

async function freePort() {
	const server = createServer();
	await new Promise((done) => server.listen(0, "127.0.0.1", done));
	const { port } = server.address();
	await new Promise((done) => server.close(done));
	return port;
}

/** The control plane; its certificates, data and logs lie in a temporary folder until `stop`. */
export class ControlPlane {
	/** The temporary folder. */
	folder = mkdtempSync(join(tmpdir(), "try-kubernetes-"));
	#servers = [];
	#env;

	/** @param binaries folder that is searched before those of PATH; empty for none */
	constructor(binaries) {
		this.#env = {
			...process.env,
			PATH: [...(binaries ? [resolve(binaries)] : []), process.env.PATH].join(delimiter),
			KUBECONFIG: join(this.folder, "kubeconfig"),
			KUBECACHEDIR: join(this.folder, "cache"),
		};
	}

	/** Names of the programs that are nowhere. */
	missing() {
		const folders = this.#env.PATH.split(delimiter);
		return PROGRAMS.filter((program) => !folders.some((folder) => existsSync(join(folder, program))));
	}

	/** Runs a program to its end in the temporary folder; throws with all it wrote when it fails. */
	run(program, ...args) {
		const result = spawnSync(program, args, { cwd: this.folder, env: this.#env, encoding: "utf8" });
		const { status, stdout, stderr, error } = result;
		if (status !== 0) throw new Error(`${program} ${args.join(" ")}: ${error ?? stdout + stderr}`);
		return result;
	}

	/** What kubectl wrote; throws when it fails or warns. */
	kubectl(...args) {
		const { stdout, stderr } = this.run("kubectl", ...args);
		if (stderr.includes("Warning:")) throw new Error(`kubectl ${args.join(" ")}: ${stderr}`);
		return stdout;
	}

	/** The objects of some kinds. */
	items(kinds, ...args) {
		return JSON.parse(this.kubectl("get", kinds, "--output=json", ...args)).items;
	}

	/** Starts everything and waits until the controllers work; throws when that takes over three minutes. */
	async start() {
		this.#makeCertificates();
		const ports = [await freePort(), await freePort(), await freePort(), await freePort()];
		const [etcd, peers] = ports.map((port) => `http://127.0.0.1:${port}`);
		this.#serve(`etcd --data-dir=etcd --listen-client-urls=${etcd} --advertise-client-urls=${etcd}
			--listen-peer-urls=${peers} --initial-advertise-peer-urls=${peers} --initial-cluster=default=${peers}`);
		this.#serve(`kube-apiserver --etcd-servers=${etcd} --bind-address=127.0.0.1 --secure-port=${ports[2]}
			--endpoint-reconciler-type=none --service-cluster-ip-range=10.96.0.0/16 --authorization-mode=RBAC
			--client-ca-file=ca.crt --tls-cert-file=server.crt --tls-private-key-file=server.key
			--service-account-issuer=https://kubernetes.default.svc --service-account-key-file=accounts.key
			--service-account-signing-key-file=accounts.key`);
		this.#writeKubeconfig(`https://127.0.0.1:${ports[2]}`);
		await eventually(() => problemsOf(() => this.kubectl("get", "--raw=/readyz")), 180);
		this.#serve(`kube-controller-manager --kubeconfig=kubeconfig --leader-elect=false --root-ca-file=ca.crt
			--bind-address=127.0.0.1 --secure-port=${ports[3]} --horizontal-pod-autoscaler-sync-period=2s`);
		await eventually(() => problemsOf(() => this.kubectl("get", "serviceaccount", "default")), 180);
	}

	/** Ends everything and removes the folder. */
	stop() {
		for (const server of this.#servers) server.kill("SIGKILL");
		rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
	}

	/** The last lines that each server wrote. */
	lastWords() {
		return this.#servers.map(({ spawnfile }) => {
			const lines = readFileSync(join(this.folder, `${spawnfile}.log`), "utf8")
				.trimEnd()
				.split("\n");
			return `Last lines of ${spawnfile}:\n${lines.slice(-5).join("\n")}`;
		});
	}

	#serve(commandLine) {
		const [program, ...args] = commandLine.split(/\s+/);
		const log = openSync(join(this.folder, `${program}.log`), "w");
		this.#servers.push(
			spawn(program, args, { cwd: this.folder, env: this.#env, stdio: ["ignore", log, log] }),
		);
	}

	/** An authority, certificates of the server and of an administrator, and the key that signs tokens of service accounts. */
	#makeCertificates() {
		const certificate = (name, subject, ...more) =>
			this.run(
				..."openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2".split(" "),
				...["-subj", subject, "-keyout", `${name}.key`, "-out", `${name}.crt`, ...more],
			);
		const signed = "-CA ca.crt -CAkey ca.key -addext basicConstraints=critical,CA:FALSE -addext".split(" ");
		certificate("ca", "/CN=authority");
		certificate("server", "/CN=kube-apiserver", ...signed, "subjectAltName=IP:127.0.0.1");
		certificate("admin", "/O=system:masters/CN=admin", ...signed, "extendedKeyUsage=clientAuth");
		this.run("openssl", "genpkey", "-algorithm", "RSA", "-out", "accounts.key");
	}

	#writeKubeconfig(server) {
		const kubeconfig = {
			...{ apiVersion: "v1", kind: "Config", "current-context": "try" },
			clusters: [{ name: "try", cluster: { server, "certificate-authority": "ca.crt" } }],
			users: [{ name: "admin", user: { "client-certificate": "admin.crt", "client-key": "admin.key" } }],
			contexts: [{ name: "try", context: { cluster: "try", user: "admin" } }],
		};
		writeFileSync(this.#env.KUBECONFIG, JSON.stringify(kubeconfig));
	}
}
