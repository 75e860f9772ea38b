export { type CsvRow, type CsvTable, numberCell, readCsvTable } from "./csv-table.js";
export { bfloat16ToFloat32, float16ToFloat32 } from "./half-precision.js";
export { type FileLock, lockFile, withFileLock } from "./lock-file.js";
export { readNamedJson, readNamedText, readTextFile } from "./named-files.js";
export { outputFile, outputFolder } from "./named-outputs.js";
export { naming } from "./naming.js";
export {
	decodeText,
	parseJson,
	parseJsonFile,
	requireUtf8,
	withoutMark,
} from "./text.js";
export { appendWhole, writeWhole } from "./write-whole.js";
