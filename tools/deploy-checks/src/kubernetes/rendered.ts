import type { IScaledObject } from "@kubernetes-models/keda/keda.sh/v1alpha1/ScaledObject";
import type { IDeployment } from "kubernetes-models/apps/v1/Deployment";
import type { IHorizontalPodAutoscaler } from "kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler";
import type { INetworkPolicy } from "kubernetes-models/networking.k8s.io/v1/NetworkPolicy";
import type { IPodDisruptionBudget } from "kubernetes-models/policy/v1/PodDisruptionBudget";
import type { IContainer } from "kubernetes-models/v1/Container";
import type { IPodSpec } from "kubernetes-models/v1/PodSpec";
import type { IService } from "kubernetes-models/v1/Service";
import type { KubernetesObject } from "./violations.js";

interface Kinds {
	Deployment: IDeployment;
	HorizontalPodAutoscaler: IHorizontalPodAutoscaler;
	NetworkPolicy: INetworkPolicy;
	PodDisruptionBudget: IPodDisruptionBudget;
	ScaledObject: IScaledObject;
	Service: IService;
}

/** Stands for the values of secrets, which no file holds; long enough for a token. */
const SECRET = "secret-of-the-cluster";

/** The object of a kind and name; throws when there is none. */
export function find<K extends keyof Kinds>(
	objects: readonly KubernetesObject[],
	kind: K,
	name: string,
): Kinds[K] {
	const found = objects.find((object) => object.kind === kind && object.metadata.name === name);
	if (found === undefined) throw new Error(`There is no ${kind} ${name}.`);
	return found as Kinds[K];
}

/** The pods of a Deployment. */
export function podOf(objects: readonly KubernetesObject[], name: string): IPodSpec {
	return find(objects, "Deployment", name).spec!.template.spec!;
}

/** The one container of a Deployment's pods. */
export function containerOf(objects: readonly KubernetesObject[], name: string): IContainer {
	const { containers } = podOf(objects, name);
	if (containers.length !== 1) throw new Error(`${name} has ${containers.length} containers.`);
	return containers[0]!;
}

/** Environment of a container, with {@link SECRET} for everything that comes from secrets. */
export function environmentOf({ env = [] }: IContainer): Record<string, string> {
	return Object.fromEntries(env.map(({ name, value }) => [name, value ?? SECRET]));
}

const UNITS = { m: 1e-3, "": 1, Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30 };

/** Cores or bytes of a Kubernetes quantity such as `500m` or `5Gi`. */
export function quantity(text: string | number | undefined): number {
	const [, digits, unit] = /^([\d.]+)(m|Ki|Mi|Gi|)$/.exec(String(text)) ?? [];
	if (digits === undefined) throw new Error(`${text} is no quantity.`);
	return Number(digits) * UNITS[unit as keyof typeof UNITS];
}
