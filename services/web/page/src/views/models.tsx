import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { type CallError, call, problemOf } from "../api/client.js";
import type { Model, ProxyList } from "../api/types.js";
import { bytes, enumText, trim } from "../format.js";
import { Card, Facts, Failure } from "../parts/parts.js";
import { Table } from "../parts/table.js";
import { Lineage } from "./lineage.js";
import { Promotion } from "./promotion.js";
import { Rankings } from "./rankings.js";

/** Bundles with their figures, and what each proxy is. */
export function Models() {
	const models = useSignal<readonly Model[] | undefined>(undefined);
	const list = useSignal<ProxyList>({ proxies: [], objectives: [] });
	const error = useSignal<CallError | undefined>(undefined);
	const guard = async (work: () => Promise<void>) => {
		error.value = undefined;
		await work().catch((failure: unknown) => {
			error.value = problemOf(failure);
		});
	};
	const load = async () => {
		models.value = (await call<{ models: Model[] }>("orchestrator", "ListModels", { pageSize: 100 })).models;
	};
	useEffect(() => {
		void guard(async () => {
			await load();
			list.value = await call<ProxyList>("proxies", "ListProxies", {});
		});
	}, []);
	const { proxies } = list.value;
	return (
		<div class="stack">
			<Failure error={error.value} />
			{models.value?.map((model) => (
				<Bundle key={model.name} model={model} load={load} />
			))}
			{proxies.length > 0 && (
				<Card title={`${proxies.length} proxies`}>
					<Table
						caption="Proxies"
						items={proxies}
						rowKey={({ name }) => name}
						columns={[
							{
								key: "name",
								title: "Name",
								value: ({ name }) => name,
								cell: ({ name }) => <code>{name}</code>,
							},
							{ key: "description", title: "What it is", cell: ({ description }) => description },
							{
								key: "formula",
								title: "Definition",
								cell: ({ formula }) => <code class="formula">{formula}</code>,
							},
							{
								key: "direction",
								title: "Better",
								value: ({ direction }) => direction,
								cell: ({ direction }) =>
									({ PROXY_DIRECTION_MAXIMIZE: "larger", PROXY_DIRECTION_MINIMIZE: "smaller" })[direction] ??
									"depends",
							},
							{
								key: "cost",
								title: "Cost",
								value: ({ cost }) => cost,
								cell: ({ cost }) => enumText(cost, "PROXY_COST_"),
							},
							{ key: "source", title: "Source", cell: ({ source }) => source },
						]}
					/>
				</Card>
			)}
			{proxies.length > 0 && <Rankings list={list.value} />}
		</div>
	);
}

interface BundleProps {
	readonly model: Model;
	readonly load: () => Promise<void>;
}

function Bundle({ model, load }: BundleProps) {
	const { name, version, labels, metrics, files, trainedOn } = model;
	const served = labels.includes("default");
	const size = files.reduce((total, { sizeBytes }) => total + Number(sizeBytes), 0);
	return (
		<Card
			title={`${version.name} ${version.version}`}
			aside={served && <span class="state succeeded">answers now</span>}
		>
			<p class="note">
				{files.length} files, {bytes(size)}
			</p>
			<Promotion name={name} served={served} onChange={load} />
			<Metrics metrics={metrics} />
			<details>
				<summary>Lineage</summary>
				<Lineage name="trained on" value={trainedOn ?? {}} />
			</details>
			<details>
				<summary>Generators ({model.generators.length})</summary>
				<Table
					caption={`Generators of ${name}`}
					items={model.generators}
					rowKey={(generator) => generator.name}
					columns={[
						{ key: "name", title: "Name", cell: (generator) => generator.name },
						{ key: "kind", title: "Kind", cell: ({ kind }) => kind },
						{ key: "space", title: "Makes architectures of", cell: ({ space }) => space },
					]}
				/>
			</details>
			<details>
				<summary>Files</summary>
				<Table
					caption={`Files of ${name}`}
					items={files}
					rowKey={({ path }) => path}
					columns={[
						{ key: "path", title: "Path", value: ({ path }) => path, cell: ({ path }) => path },
						{
							key: "size",
							title: "Size",
							numeric: true,
							value: ({ sizeBytes }) => Number(sizeBytes),
							cell: ({ sizeBytes }) => bytes(Number(sizeBytes)),
						},
						{ key: "sha256", title: "SHA-256", cell: ({ sha256 }) => <code>{sha256.slice(0, 16)}</code> },
					]}
				/>
			</details>
		</Card>
	);
}

/** The figures of a bundle by what they are about, e.g. all of the G-VAE. */
function Metrics({ metrics }: Pick<Model, "metrics">) {
	const groups = new Map<string, [string, number][]>();
	for (const [key, value] of Object.entries(metrics)) {
		const [group = "", ...rest] = key.split(".");
		groups.set(group, [...(groups.get(group) ?? []), [rest.join(" ") || group, value]]);
	}
	return (
		<>
			{[...groups].map(([group, values]) => (
				<details key={group}>
					<summary>
						Figures of {group} ({values.length})
					</summary>
					<Facts facts={values.map(([key, value]) => [key, trim(value)])} />
				</details>
			))}
		</>
	);
}
