import type { MakeFile } from '../committed.ts';
import { blocks, bullets, capital, html, prose } from '../markdown.ts';

/** Where the files of packages are served. */
const makeFolder = 'make';

const connect = '[Connect Make](/guides/connect-make.html) shows how.';

const whereNone = {
	event: `Start a scenario with **Webhooks, Custom webhook**, and have the events sent to its address. ${connect}`,
	operation: `Add **HTTP, Make a request** and fill in the call below. ${connect}`,
} as const;

/** Where the file goes. */
const doing: Readonly<Record<MakeFile['form'], string>> = {
	clipboard:
		'Copy, click an empty spot of your scenario, and press Ctrl+V or ⌘V. Make may renumber the modules; their names stay.',
	blueprint: 'Download, and choose **⋯, Import Blueprint** in a new scenario.',
};

/** What the file does, by what it is made for. */
function about({ kind, form }: MakeFile): string {
	if (kind === 'event, verified') {
		return '**With the signature checked.** Refuses deliveries that are not signed with your secret or are older than five minutes. Use this one.';
	}
	if (kind === 'event, light') {
		return '**Without a check.** Anyone who knows the address can start the scenario. Use it only for a first try.';
	}
	return form === 'clipboard' ? '**Modules to paste.**' : '**As a scenario of its own.**';
}

/**
 * What to copy or download for Make.
 *
 * @param said what the page says already; blueprints repeat it, because they travel without the page.
 */
export function makePart(
	files: readonly MakeFile[],
	what: keyof typeof whereNone,
	said: readonly string[],
): string {
	if (files.length === 0) return blocks('## Make', whereNone[what]);
	// Modules and scenario of an operation need the same done; the two blueprints of an event do not.
	const afters = [...new Set(files.map(({ after }) => after))];
	const isShared = afters.length === 1;
	return blocks(
		'## Make',
		...files.map((file) =>
			blocks(
				`${about(file)} ${doing[file.form]} ${cost(file)}`,
				fileOffer(file),
				isShared ? null : afterImport(file.after, said),
			),
		),
		isShared ? afterImport(afters[0] ?? '', said) : null,
		connect,
	);
}

/** What is left to do by hand, a line for each thing. */
export function afterImport(text: string, said: readonly string[]): string {
	const [, head = '', rest = ''] = /^(After import[^:]*): (.*)$/s.exec(text) ?? [];
	const own = said.reduce((left, one) => left.replace(one, ''), rest);
	const sentences = own.split(/(?<=\.) +(?=\p{Lu})/u).map((sentence) => sentence.trim());
	const lines = sentences.filter((sentence) => sentence !== '');
	if (lines.length === 0) return '';
	return blocks(`${prose(head)}:`, bullets(lines.map((line) => prose(capital(line)))));
}

const cost = ({ operations }: MakeFile): string =>
	`A run uses ${operations} Make ${operations === 1 ? 'operation' : 'operations'}.`;

/** A component with links inside, so that the file can be had without JavaScript too. */
export function fileOffer({
	path,
	form,
	label,
}: Pick<MakeFile, 'path' | 'form' | 'label'>): string {
	const name = `${label}, ${form === 'clipboard' ? 'Make modules' : 'Make blueprint'}`;
	return `<FileOffer path="/${makeFolder}/${html(path)}" form="${form}" name="${html(name)}" />`;
}
