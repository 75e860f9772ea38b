export { PUBLISHED_TABLE3 } from "./diffusionnag/benchmark.js";
export { BO_SOURCES, type BoSource } from "./diffusionnag/bo-runs.js";
export { describeTable3, describeTable4 } from "./diffusionnag/describe-tables.js";
export { describeBo, PUBLISHED_BO, reproduceBo, writeBoPlots } from "./diffusionnag/reproduce-bo.js";
export { reproduceTable3, type Table3Row, table3Columns } from "./diffusionnag/reproduce-table3.js";
export { reproduceTable4 } from "./diffusionnag/reproduce-table4.js";
export { PUBLISHED_TABLE4, type Table4Row } from "./diffusionnag/table4.js";
export { describeDinas, describeHardware } from "./dinas/describe-dinas.js";
export { deviceColumns, type HardwareRow, reproduceHardware } from "./dinas/reproduce-hardware.js";
export { type DinasRow, dinasColumns, PUBLISHED_DINAS, reproduceDinas } from "./dinas/reproduce-nb201.js";
export {
	describeGenerators,
	type GeneratorsJob,
	type GeneratorsReport,
	reproduceGenerators,
} from "./generators/reproduce-generators.js";
export { describeFronts, reproduceFronts } from "./pareto/reproduce-fronts.js";
export { describeRanking, rankingDocument } from "./ranking/describe-ranking.js";
export type {
	RankedProxy,
	RankingReport,
} from "./ranking/rank-proxies.js";
export {
	RANKING_SPACE_NAMES,
	type RankingSpaceName,
} from "./ranking/ranking-spaces.js";
export { type RankingRow, type RankingTable, readRankingTable } from "./ranking/ranking-table.js";
export { validateRanking } from "./ranking/validate-ranking.js";
export { type Criteria, criteriaPlot, describeCriteria, reproduceCriteria } from "./reproduce/criteria.js";
export { describeTable1 } from "./reproduce/describe-table1.js";
export { describeFigure2, type Figure2, figure2 } from "./reproduce/figure2.js";
export {
	describeObjectives,
	objectiveFigures,
	reproduceObjectives,
} from "./reproduce/reproduce-objectives.js";
export { reproduceTable1 } from "./reproduce/reproduce-table1.js";
export type { MethodRow, Spread } from "./reproduce/rows.js";
export type { Summary, Table1, TargetTable } from "./reproduce/table1.js";
export { table1Figures } from "./reproduce/table1-figures.js";
export { table1Plot } from "./reproduce/table1-plot.js";
export { describeTable2, reproduceTable2, type Table2, table2Plot } from "./reproduce/table2.js";
export { TABLE2_BUDGET_NAMES } from "./reproduce/table2-budgets.js";
export { TABLE2_METHODS, type Table2Settings } from "./reproduce/table2-row.js";
export type { ProxyCorrelation } from "./validation/benchmark-report.js";
export { describeCorrelations } from "./validation/describe-correlations.js";
export { compareScores, describeGraphNet, recount } from "./validation/graphnet-rows.js";
export type { GvaeReport } from "./validation/measure-gvae.js";
export { readBenchmarkTable } from "./validation/nasbench201-table.js";
export { type BudgetReport, validateBundleBudgets } from "./validation/validate-budgets.js";
export { describeGvae, gvaeFigures, validateGvae } from "./validation/validate-gvae.js";
export { validateNasBench201 } from "./validation/validate-nasbench201.js";
export { validatePredictor } from "./validation/validate-predictor.js";
