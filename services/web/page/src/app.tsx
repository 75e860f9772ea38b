import { useSignal } from "@preact/signals";
import { Boxes, ChartScatter, ListTree, MessageCircleQuestion, Network as NetworkIcon } from "lucide-preact";
import type { FunctionComponent } from "preact";
import { useEffect } from "preact/hooks";
import { setToken } from "./api/client.js";
import { orchestrator, route, stateLoaded } from "./state.js";
import { Answers } from "./views/answers.js";
import { Ask } from "./views/ask.js";
import { Jobs } from "./views/jobs.js";
import { Models } from "./views/models.js";
import { NetworkView } from "./views/network.js";

const VIEWS: Readonly<Record<string, { title: string; icon: typeof Boxes; view: FunctionComponent }>> = {
	ask: { title: "Ask", icon: MessageCircleQuestion, view: Ask },
	answers: { title: "Answers", icon: ChartScatter, view: Answers },
	network: { title: "Network", icon: NetworkIcon, view: NetworkView },
	jobs: { title: "Jobs", icon: ListTree, view: Jobs },
	models: { title: "Models", icon: Boxes, view: Models },
};

const HEALTH_MS = 10_000;

/** The page: navigation, health of the services, and the view that the address names. */
export function App() {
	const loaded = useSignal(false);
	useEffect(() => {
		void stateLoaded.then(() => {
			loaded.value = true;
		});
	}, []);
	const name = route.value.view in VIEWS ? route.value.view : "ask";
	const { view: View, title } = VIEWS[name]!;
	useEffect(() => {
		document.title = `${title} · archgen`;
	}, [title]);
	return (
		<>
			<button type="button" class="skip" onClick={() => document.getElementById("main")?.focus()}>
				Skip to content
			</button>
			<header class="top">
				<a class="brand" href="#/ask">
					archgen
				</a>
				<nav aria-label="Views">
					{Object.entries(VIEWS).map(([key, { title: label, icon: Icon }]) => (
						<a key={key} href={`#/${key}`} aria-current={key === name ? "page" : undefined}>
							<Icon size={17} aria-hidden="true" />
							<span>{label}</span>
						</a>
					))}
				</nav>
				<Health />
			</header>
			<main id="main" tabIndex={-1}>
				<h1 class="hidden">{title}</h1>
				{loaded.value && <View />}
			</main>
		</>
	);
}

/** Which services answer; asks for a token when the gateway wants one. */
function Health() {
	const missing = useSignal<readonly string[] | undefined>(undefined);
	const needsToken = useSignal(false);
	useEffect(() => {
		const look = async () => {
			const reply = await fetch("./health").catch(() => undefined);
			if (!reply?.ok) {
				missing.value = ["gateway"];
				return;
			}
			const {
				services,
				tokens,
				orchestrator: address,
			} = (await reply.json()) as {
				services: Record<string, boolean>;
				tokens?: boolean;
				orchestrator?: string;
			};
			if (address !== undefined) orchestrator.value = address;
			missing.value = Object.entries(services).flatMap(([service, ok]) => (ok ? [] : [service]));
			needsToken.value = tokens === true;
		};
		void look();
		const timer = setInterval(() => void look(), HEALTH_MS);
		return () => clearInterval(timer);
	}, []);
	const text =
		missing.value === undefined
			? ""
			: missing.value.length === 0
				? "all services answer"
				: `no answer from ${missing.value.join(", ")}`;
	return (
		<div class="health" role="status">
			<i class={missing.value?.length ? "lamp bad" : "lamp"} aria-hidden="true" />
			<span>{text}</span>
			{needsToken.value && (
				<input
					type="password"
					aria-label="Bearer token"
					placeholder="token"
					onChange={(event) => setToken(event.currentTarget.value)}
				/>
			)}
		</div>
	);
}
