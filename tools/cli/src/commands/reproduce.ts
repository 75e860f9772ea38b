import type { Command } from "commander";
import type { CliContext } from "../cli/index.js";
import { bareCommand } from "../cli/index.js";
import { criteriaCommand } from "./reproduce-criteria.js";
import { diffusionNagCommand } from "./reproduce-diffusionnag.js";
import { dinasCommand } from "./reproduce-dinas.js";
import { figure2Command } from "./reproduce-figure2.js";
import { generatorsCommand } from "./reproduce-generators.js";
import { objectivesCommand } from "./reproduce-objectives.js";
import { table1Command } from "./reproduce-table1.js";
import { table2Command } from "./reproduce-table2.js";

/** `archgen reproduce …`: results of the paper. */
export function reproduceCommand(context: CliContext): Command {
	return bareCommand(context, "reproduce", "Reproduce results of the paper, of DiffusionNAG and of DiNAS")
		.addCommand(table1Command(context))
		.addCommand(table2Command(context))
		.addCommand(objectivesCommand(context))
		.addCommand(criteriaCommand(context))
		.addCommand(figure2Command(context))
		.addCommand(generatorsCommand(context))
		.addCommand(diffusionNagCommand(context))
		.addCommand(dinasCommand(context));
}
