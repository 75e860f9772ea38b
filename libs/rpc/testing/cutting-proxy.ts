import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A TCP relay whose connections a test can cut. */
export interface CuttingProxy {
	readonly address: string;
	/** Cuts all connections that there are now. */
	cut(): void;
	stop(): Promise<void>;
}

/** Starts a relay in front of `host:port`. */
export async function startCuttingProxy(target: string): Promise<CuttingProxy> {
	const [host, port] = target.split(":") as [string, string];
	const open = new Set<Socket>();
	const server = createServer((near) => {
		const far = connect(Number(port), host);
		for (const socket of [near, far]) {
			open.add(socket);
			socket.on("error", () => {});
			socket.on("close", () => open.delete(socket));
		}
		near.pipe(far).pipe(near);
	});
	await once(server.listen(0, "127.0.0.1"), "listening");
	const cut = () => {
		for (const socket of open) socket.destroy();
	};
	return {
		address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
		cut,
		stop: async () => {
			server.close();
			cut();
			await once(server, "close");
		},
	};
}
