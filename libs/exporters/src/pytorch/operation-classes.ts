import type { OperationType } from "@archgen/search-space";

/** A Python class and how an operation becomes a call of it. */
export interface OperationClass {
	/** Name of the class; several operation types may share one. */
	readonly name: string;
	/** Source of the class. Attribute names are those of the layer list, so state_dict names agree. */
	readonly source: string;
	/** Further keyword arguments of the constructor, e.g. `expansion=3`. */
	readonly arguments: readonly string[];
}

const CONVOLUTION = `class Convolution(nn.Sequential):
    """ReLU, k x k convolution, batch norm."""

    def __init__(self, c_in: int, c_out: int, kernel: int, stride: int = 1):
        super().__init__()
        self.relu = nn.ReLU()
        self.conv = nn.Conv2d(c_in, c_out, kernel, stride, kernel // 2, bias=False)
        self.norm = nn.BatchNorm2d(c_out)`;

const SEPARABLE = `class SeparableConvolution(nn.Sequential):
    """ReLU, depthwise k x k convolution (perhaps dilated), pointwise convolution, batch norm."""

    def __init__(self, c_in: int, c_out: int, kernel: int, stride: int = 1, dilation: int = 1):
        super().__init__()
        padding = dilation * (kernel // 2)
        self.relu = nn.ReLU()
        self.depthwise = nn.Conv2d(c_in, c_in, kernel, stride, padding, dilation, groups=c_in, bias=False)
        self.pointwise = nn.Conv2d(c_in, c_out, 1, bias=False)
        self.norm = nn.BatchNorm2d(c_out)`;

const BOTTLENECK = `class Bottleneck(nn.Sequential):
    """1 x 1 convolution to expansion * c_in channels, depthwise k x k, 1 x 1 to c_out; ReLU before and batch norm after each."""

    def __init__(self, c_in: int, c_out: int, kernel: int, stride: int = 1, *, expansion: float):
        super().__init__()
        hidden = int(expansion * c_in)
        self.relu = nn.ReLU()
        self.expand = nn.Conv2d(c_in, hidden, 1, bias=False)
        self.expand_norm = nn.BatchNorm2d(hidden)
        self.expand_relu = nn.ReLU()
        self.depthwise = nn.Conv2d(hidden, hidden, kernel, stride, kernel // 2, groups=hidden, bias=False)
        self.depthwise_norm = nn.BatchNorm2d(hidden)
        self.depthwise_relu = nn.ReLU()
        self.project = nn.Conv2d(hidden, c_out, 1, bias=False)
        self.norm = nn.BatchNorm2d(c_out)`;

const AVERAGE_POOL = `class AveragePool(nn.Sequential):
    """k x k average pooling, batch norm without affine; where the width changes, then ReLU, 1 x 1 convolution, batch norm."""

    def __init__(self, c_in: int, c_out: int, kernel: int, stride: int = 1):
        super().__init__()
        self.pool = nn.AvgPool2d(kernel, stride, kernel // 2, count_include_pad=False)
        self.pool_norm = nn.BatchNorm2d(c_in, affine=False)
        if c_in != c_out:
            self.relu = nn.ReLU()
            self.conv = nn.Conv2d(c_in, c_out, 1)
            self.norm = nn.BatchNorm2d(c_out)`;

const convolution = { name: "Convolution", source: CONVOLUTION };
const separable = { name: "SeparableConvolution", source: SEPARABLE };
const bottleneck = (expansion: number): OperationClass => ({
	name: "Bottleneck",
	source: BOTTLENECK,
	arguments: [`expansion=${expansion}`],
});

/** Every operation type as a Python class: same layers in the same order as its entry in the operation table. */
export const OPERATION_CLASSES: { readonly [T in OperationType]: OperationClass } = {
	avg_pool: { name: "AveragePool", source: AVERAGE_POOL, arguments: [] },
	conv: { ...convolution, arguments: [] },
	sep_conv: { ...separable, arguments: [] },
	dil_conv: { ...separable, arguments: ["dilation=2"] },
	mbconv_2: bottleneck(2),
	mbconv_3: bottleneck(3),
	mbconv_6: bottleneck(6),
	bconv_2: bottleneck(1 / 2),
	bconv_4: bottleneck(1 / 4),
};

/** The strided 1 x 1 convolution that fits a cell's input to its width and size. */
export const PROJECTION_CLASS = `class Projection(nn.Sequential):
    """ReLU, 1 x 1 convolution, batch norm: fits the input of a cell to its width and size."""

    def __init__(self, c_in: int, c_out: int, stride: int):
        super().__init__()
        self.relu = nn.ReLU()
        self.conv = nn.Conv2d(c_in, c_out, 1, stride, bias=False)
        self.norm = nn.BatchNorm2d(c_out)`;
