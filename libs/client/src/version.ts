/** Release of archgen; every written network names it. */
export const VERSION = "0.1.0";
