import { fileURLToPath } from "node:url";

/** The labels that come with the repository; see data/README.md. */
export const KEPT_LABELS = fileURLToPath(new URL("../../../../data/labels.jsonl.gz", import.meta.url));
