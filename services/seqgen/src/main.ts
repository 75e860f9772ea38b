import { runService } from "@archgen/rpc";
import { seqgenSettings } from "./settings.js";
import { startSeqgen } from "./start.js";

await runService("seqgen", seqgenSettings, startSeqgen);
