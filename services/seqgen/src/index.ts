export { type SeqgenSettings, seqgenSettings } from "./settings.js";
export { startSeqgen } from "./start.js";
