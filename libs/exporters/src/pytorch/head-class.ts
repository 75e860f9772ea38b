import { DEFAULT_TASK, type HeadKind, type Network, TASKS } from "@archgen/search-space";

/** Python source of what differs between the kinds of heads. */
interface HeadSource {
	/** Words after those of the common layers. */
	readonly title: readonly string[];
	/** Further modules of the head; `widths` is the expression of the features' channels. */
	readonly modules: (widths: string) => readonly string[];
	/** Name of the first module behind the features; null where they are the result. */
	readonly behindFeatures: string | null;
	/** Constructor of a classifier of `self.num_features` channels; null where there is none. */
	readonly classifier: string | null;
}

const HEADS: { readonly [K in HeadKind]: HeadSource } = {
	pooled: {
		title: ["global average pooling", "linear"],
		modules: (widths) => [
			"self.pool = nn.AdaptiveAvgPool2d(1)",
			"self.flatten = nn.Flatten()",
			`self.classifier = nn.Linear(${widths}, classes)`,
		],
		behindFeatures: "pool",
		classifier: "nn.Linear(self.num_features, classes)",
	},
	dense: {
		title: ["1 x 1 convolution with bias"],
		modules: (widths) => [`self.classifier = nn.Conv2d(${widths}, classes, 1)`],
		behindFeatures: "classifier",
		classifier: "nn.Conv2d(self.num_features, classes, 1)",
	},
	none: { title: [], modules: () => [], behindFeatures: null, classifier: null },
};

function sourceOf({ task }: Network): HeadSource {
	return HEADS[TASKS[task ?? DEFAULT_TASK].head];
}

/** Class `Head` of a network. */
export function headClass(network: Network): string {
	const { finalChannels } = network;
	const { title, modules, classifier } = sourceOf(network);
	const widths = finalChannels === null ? "channels" : "final_channels";
	const middle =
		finalChannels === null
			? []
			: [
					"self.conv = nn.Conv2d(channels, final_channels, 1, bias=False)",
					"self.norm = nn.BatchNorm2d(final_channels)",
				];
	const parameters = [
		"self",
		"channels: int",
		...(finalChannels === null ? [] : ["final_channels: int"]),
		...(classifier === null ? [] : ["classes: int"]),
	];
	const words = [
		"Batch norm",
		"ReLU",
		...(finalChannels === null ? [] : ["1 x 1 convolution", "batch norm"]),
		...title,
	];
	return [
		"class Head(nn.Sequential):",
		`    """${words.join(", ")}."""`,
		"",
		`    def __init__(${parameters.join(", ")}):`,
		...[
			"super().__init__()",
			"self.input_norm = nn.BatchNorm2d(channels)",
			"self.relu = nn.ReLU()",
			...middle,
			...modules(widths),
		].map((line) => `        ${line}`),
	].join("\n");
}

/** Arguments with which the network makes its head. */
export function headArguments(network: Network): string {
	const { stages, stem, finalChannels } = network;
	const channels = stages.at(-1)?.channels ?? stem.channels;
	const { classifier } = sourceOf(network);
	return [
		channels,
		...(finalChannels === null ? [] : [finalChannels]),
		...(classifier ? ["classes"] : []),
	].join(", ");
}

/** Methods of the network that look into its head. */
export function headMethods(network: Network): string {
	const { behindFeatures, classifier } = sourceOf(network);
	const features =
		behindFeatures === null
			? ["        return self.head(self.stages(self.stem(images)))"]
			: [
					"        x = self.stages(self.stem(images))",
					"        for name, layer in self.head.named_children():",
					`            if name == "${behindFeatures}":`,
					"                break",
					"            x = layer(x)",
					"        return x",
				];
	const last = behindFeatures === "pool" ? "The last map before pooling" : "The last map";
	const methods = [
		"    def forward_features(self, images: Tensor) -> Tensor:",
		`        """${last} [batch, num_features, height, width]; needs the head."""`,
		...features,
	];
	if (classifier === null) return methods.join("\n");
	const without = behindFeatures === "pool" ? "the pooled features come out" : "the features come out";
	return [
		...methods,
		"",
		"    def reset_classifier(self, classes: int) -> None:",
		`        """A new last layer for so many classes; with 0 none, so that ${without}."""`,
		"        weight = self.stem.conv.weight",
		`        new = ${classifier} if classes > 0 else nn.Identity()`,
		"        self.head.classifier = new.to(weight.device, weight.dtype)",
	].join("\n");
}
