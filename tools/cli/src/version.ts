/** Release of archgen. */
export const VERSION = "0.1.0";
