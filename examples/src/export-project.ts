// Writes a folder that trains a network: model.py, train.py, a model card and more.
//   node examples/dist/export-project.js network.json mynet
import { readNamedJson } from "@archgen/files";
import { exportProject } from "@archgen/pipeline";
import { networkFromJson } from "@archgen/search-space";

const [file, folder = "mynet"] = process.argv.slice(2);
if (file === undefined) throw new Error("Name the JSON file of a network.");
const network = networkFromJson(await readNamedJson("network", file));
for (const path of await exportProject(network, undefined, folder)) console.log(path);
