/** Generated messages and services, one namespace for each protocol package. */
export * as ccnf from "./generated/index.archgen.ccnf.v1.js";
export * as common from "./generated/index.archgen.common.v1.js";
export * as diffusion from "./generated/index.archgen.diffusion.v1.js";
export * as gvae from "./generated/index.archgen.gvae.v1.js";
export * as orchestrator from "./generated/index.archgen.orchestrator.v1.js";
export * as seqgen from "./generated/index.archgen.seqgen.v1.js";
export * as zcproxy from "./generated/index.archgen.zcproxy.v1.js";
export * as longrunning from "./generated/index.google.longrunning.js";
