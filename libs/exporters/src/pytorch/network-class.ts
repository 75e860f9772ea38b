import type { Network, Stage } from "@archgen/search-space";

/** Names of the cell classes by canonical hash: CellA, CellB, … in order of first use. */
export function cellNames(network: Network): Map<string, string> {
	const hashes = [...new Set(network.stages.map(({ cell }) => cell.hash))];
	return new Map(hashes.map((hash, i) => [hash, `Cell${String.fromCharCode("A".charCodeAt(0) + i)}`]));
}

/** Python source of the whole network: stem, stages of cells, head. */
export function networkClass(network: Network, names: ReadonlyMap<string, string>): string {
	const { stem } = network;
	return `class Stem(nn.Sequential):
    """3 x 3 convolution, batch norm."""

    def __init__(self, channels: int, stride: int):
        super().__init__()
        self.conv = nn.Conv2d(3, channels, 3, stride, 1, bias=False)
        self.norm = nn.BatchNorm2d(channels)


${headClass(network)}


class Network(nn.Module):
    """Maps images [batch, 3, ${network.input.size}, ${network.input.size}] to logits [batch, ${network.classes}]."""

    def __init__(self, classes: int = CLASSES):
        super().__init__()
        self.stem = Stem(${stem.channels}, stride=${stem.stride})
        self.stages = nn.Sequential(
${stageLines(network, names).join("\n")}
        )
        self.head = Head(${headArguments(network)}, classes)

    def forward(self, images: Tensor) -> Tensor:
        return self.head(self.stages(self.stem(images)))`;
}

function headClass({ finalChannels }: Network): string {
	const [title, parameter, widths, middle] =
		finalChannels === null
			? ["Batch norm, ReLU, global average pooling, linear.", "", "channels", []]
			: [
					"Batch norm, ReLU, 1 x 1 convolution, batch norm, global average pooling, linear.",
					"final_channels: int, ",
					"final_channels",
					[
						"        self.conv = nn.Conv2d(channels, final_channels, 1, bias=False)",
						"        self.norm = nn.BatchNorm2d(final_channels)",
					],
				];
	return [
		"class Head(nn.Sequential):",
		`    """${title}"""`,
		"",
		`    def __init__(self, channels: int, ${parameter}classes: int):`,
		"        super().__init__()",
		"        self.input_norm = nn.BatchNorm2d(channels)",
		"        self.relu = nn.ReLU()",
		...middle,
		"        self.pool = nn.AdaptiveAvgPool2d(1)",
		"        self.flatten = nn.Flatten()",
		`        self.classifier = nn.Linear(${widths}, classes)`,
	].join("\n");
}

function headArguments({ stages, stem, finalChannels }: Network): string {
	const channels = stages.at(-1)?.channels ?? stem.channels;
	return finalChannels === null ? `${channels}` : `${channels}, ${finalChannels}`;
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
