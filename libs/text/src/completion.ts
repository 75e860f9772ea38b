/** What may follow the words of a command. */
export interface Completion {
	/** Words of the command after the program's name; none for the program itself. */
	readonly path: readonly string[];
	/** Commands below it and its options. */
	readonly words: readonly string[];
}

/**
 * A bash script that completes commands and options of a program, and files where neither fits; zsh runs it after `bashcompinit`.
 *
 * @param program name of the program: letters, digits and "-", as are all words
 */
export function bashCompletion(program: string, completions: readonly Completion[]): string {
	const name = `_${program.replaceAll("-", "_")}`;
	const key = (path: readonly string[]) => JSON.stringify(path.map((word) => ` ${word}`).join(""));
	const known = completions.filter(({ path }) => path.length > 0).map(({ path }) => key(path));
	return [
		`${name}() {`,
		`\tlocal current="\${COMP_WORDS[COMP_CWORD]}" path="" words="" i`,
		"\tfor ((i = 1; i < COMP_CWORD; i++)); do",
		`\t\tcase "$path \${COMP_WORDS[i]}" in`,
		`\t\t\t${known.join("|")}) path="$path \${COMP_WORDS[i]}" ;;`,
		"\t\tesac",
		"\tdone",
		'\tcase "$path" in',
		...completions.map(({ path, words }) => `\t\t${key(path)}) words=${JSON.stringify(words.join(" "))} ;;`),
		"\tesac",
		'\tCOMPREPLY=($(compgen -W "$words" -- "$current"))',
		"}",
		`complete -o default -F ${name} ${program}`,
		"",
	].join("\n");
}
