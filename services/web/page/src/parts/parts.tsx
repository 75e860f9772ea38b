import { useSignal } from "@preact/signals";
import { Check, Copy } from "lucide-preact";
import type { ComponentChildren } from "preact";
import type { CallError } from "../api/client.js";

/** A failed call in words. */
export function Failure({ error }: { readonly error: CallError | undefined }) {
	if (error === undefined) return null;
	return (
		<div class="failure" role="alert">
			<strong>{error.problem.reason.toLowerCase().replaceAll("_", " ")}</strong>
			<span>{error.problem.detail}</span>
		</div>
	);
}

/** A button that copies a text. */
export function CopyButton({ text, label }: { readonly text: string; readonly label: string }) {
	const copied = useSignal(false);
	const copy = async () => {
		await navigator.clipboard.writeText(text);
		copied.value = true;
		setTimeout(() => {
			copied.value = false;
		}, 1500);
	};
	return (
		<button type="button" class="quiet" onClick={copy} aria-label={`Copy ${label}`}>
			{copied.value ? <Check size={15} aria-hidden="true" /> : <Copy size={15} aria-hidden="true" />}
			<span aria-live="polite">{copied.value ? "Copied" : "Copy"}</span>
		</button>
	);
}

/** A share between 0 and 1 as a bar. */
export function Bar({ share, label }: { readonly share: number; readonly label: string }) {
	return <progress class="bar" max={1} value={share} aria-label={label} />;
}

/** A titled block. */
export function Card({
	title,
	aside,
	children,
}: {
	title: string;
	aside?: ComponentChildren;
	children: ComponentChildren;
}) {
	return (
		<section class="card" aria-label={title}>
			<header>
				<h2>{title}</h2>
				{aside}
			</header>
			{children}
		</section>
	);
}

/** Pairs of a term and its value. */
export function Facts({ facts }: { readonly facts: readonly (readonly [string, ComponentChildren])[] }) {
	return (
		<dl class="facts">
			{facts.map(([term, value]) => (
				<div key={term}>
					<dt>{term}</dt>
					<dd>{value}</dd>
				</div>
			))}
		</dl>
	);
}
