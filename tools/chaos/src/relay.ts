import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A TCP relay whose connections can be cut. */
export interface Relay {
	readonly address: string;
	/** Cuts all connections that there are now. */
	cut(): void;
	/** While it is closed, new connections are cut at once. */
	setOpen(open: boolean): void;
	stop(): Promise<void>;
}

/** Starts a relay on loopback in front of `host:port`. */
export async function startRelay(target: string): Promise<Relay> {
	const [host, port] = target.split(":") as [string, string];
	const sockets = new Set<Socket>();
	let open = true;
	const server = createServer((near) => {
		near.on("error", () => {});
		if (!open) {
			near.destroy();
			return;
		}
		const far = connect(Number(port), host);
		for (const [socket, other] of [
			[near, far],
			[far, near],
		] as const) {
			sockets.add(socket);
			socket.on("error", () => {});
			socket.on("close", () => {
				sockets.delete(socket);
				other.destroy();
			});
		}
		near.pipe(far).pipe(near);
	});
	await once(server.listen(0, "127.0.0.1"), "listening");
	const cut = () => {
		for (const socket of sockets) socket.destroy();
	};
	return {
		address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
		cut,
		setOpen: (now) => {
			open = now;
		},
		stop: async () => {
			server.close();
			cut();
			await once(server, "close");
		},
	};
}
