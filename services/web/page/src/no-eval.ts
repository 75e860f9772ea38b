import { config } from "zod";

// The content security policy lets no text become a program, so schemas are interpreted.
config({ jitless: true });
