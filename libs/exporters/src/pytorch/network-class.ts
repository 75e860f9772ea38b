import { DEFAULT_TASK, type Network, type Stage, type TaskName } from "@archgen/search-space";
import { headArguments, headClass, headMethods } from "./head-class.js";

/** Results in words, with their shape. */
const RESULTS: Readonly<Record<TaskName, string>> = {
	classification: "logits [batch, classes]",
	multilabel: "logits [batch, classes], one for each label",
	regression: "values [batch, classes]",
	dense: "maps [batch, classes, height, width]",
	features: "features [batch, num_features, height, width]",
};

/** Names of the cell classes by canonical hash: CellA, CellB, … in order of first use. */
export function cellNames(network: Network): Map<string, string> {
	const hashes = [...new Set(network.stages.map(({ cell }) => cell.hash))];
	return new Map(hashes.map((hash, i) => [hash, `Cell${String.fromCharCode("A".charCodeAt(0) + i)}`]));
}

/** Python source of the whole network: stem, stages of cells, head. */
export function networkClass(network: Network, names: ReadonlyMap<string, string>): string {
	const { stem, input } = network;
	return `class Stem(nn.Sequential):
    """3 x 3 convolution, batch norm."""

    def __init__(self, channels: int, stride: int):
        super().__init__()
        self.conv = nn.Conv2d(${input.channels}, channels, 3, stride, 1, bias=False)
        self.norm = nn.BatchNorm2d(channels)


${headClass(network)}


class Network(nn.Module):
    """Maps images [batch, ${input.channels}, ${input.size}, ${input.width ?? input.size}] to ${RESULTS[network.task ?? DEFAULT_TASK]}.

    With features_only it is a backbone without head: the last map at each reduction, as feature_info lists them.
    """

    num_features = ${lastWidth(network)}
    feature_info = [
${featureLines(network).join("\n")}
    ]

    def __init__(self, classes: int = CLASSES, features_only: bool = False):
        super().__init__()
        self.features_only = features_only
        self.stem = Stem(${stem.channels}, stride=${stem.stride})
        self.stages = nn.Sequential(
${stageLines(network, names).join("\n")}
        )
        if not features_only:
            self.head = Head(${headArguments(network)})

    def forward(self, images: Tensor) -> Tensor | list[Tensor]:
        if self.features_only:
            return self.feature_maps(images)
        return self.head(self.stages(self.stem(images)))

    def feature_maps(self, images: Tensor) -> list[Tensor]:
        """The maps of feature_info, largest first."""
        wanted = {info["module"] for info in self.feature_info}
        x = self.stem(images)
        maps = [x] if "stem" in wanted else []
        for i, stage in enumerate(self.stages):
            x = stage(x)
            if f"stages.{i}" in wanted:
                maps.append(x)
        return maps

${headMethods(network)}`;
}

/** Channels of the map that the head pools. */
function lastWidth({ stages, stem, finalChannels }: Network): number {
	return finalChannels ?? stages.at(-1)?.channels ?? stem.channels;
}

/** The last module at each reduction, as timm describes feature maps. */
function featureLines({ stem, stages }: Network): string[] {
	const modules = [{ module: "stem", channels: stem.channels, reduction: stem.stride as number }];
	for (const [i, { channels, stride }] of stages.entries())
		modules.push({ module: `stages.${i}`, channels, reduction: modules[i]!.reduction * stride });
	return modules
		.filter(({ reduction }, i) => reduction !== modules[i + 1]?.reduction)
		.map(
			({ module, channels, reduction }) =>
				`        {"num_chs": ${channels}, "reduction": ${reduction}, "module": "${module}"},`,
		);
}

function stageLines({ stages, stem }: Network, names: ReadonlyMap<string, string>): string[] {
	return stages.map((stage, i) => {
		const before = stages[i - 1]?.channels ?? stem.channels;
		return `            nn.Sequential(${instances(stage, before, names.get(stage.cell.hash)!).join(", ")}),`;
	});
}

/** The first instance changes width and size; the others keep them. */
function instances({ channels, stride, repeats }: Stage, before: number, name: string): string[] {
	const first = `${name}(${before}, ${channels}${stride === 1 ? "" : `, stride=${stride}`})`;
	if (repeats === 1) return [first];
	const rest = `${name}(${channels}, ${channels})`;
	if (repeats === 2) return [first, rest];
	return [first, `*(${rest} for _ in range(${repeats - 1}))`];
}
