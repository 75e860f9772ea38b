export { type CsvRow, type CsvTable, numberCell, readCsvTable } from "./csv-table.js";
export { bfloat16ToFloat32, float16ToFloat32 } from "./half-precision.js";
export { type FileLock, lockFile } from "./lock-file.js";
export {
	decodeText,
	isForeignEncoding,
	parseJson,
	parseJsonFile,
	readTextFile,
	withoutMark,
} from "./text.js";
