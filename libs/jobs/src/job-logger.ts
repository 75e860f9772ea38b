/** The part of a pino logger that jobs write to. */
export interface JobLogger {
	debug(fields: object, message: string): void;
	info(fields: object, message: string): void;
	warn(fields: object, message: string): void;
	error(fields: object, message: string): void;
	/** A logger that adds fields to each entry. */
	child(fields: object): JobLogger;
}
