import type { MakeFile } from '../committed.ts';
import { blocks, html, prose } from '../markdown.ts';

/** Where the files of packages are served. */
export const makeFolder = 'make';

const connect = '[Connect Make](/guides/connect-make.html) shows how.';

const whereNone = {
	event: `Start a scenario with **Webhooks, Custom webhook**, and have the events sent to its address. ${connect}`,
	operation: `Add **HTTP, Make a request** and fill in the call below. ${connect}`,
} as const;

/** Where the file goes. */
const doing: Readonly<Record<MakeFile['form'], string>> = {
	clipboard: 'Copy, click an empty spot of your scenario, and press Ctrl+V or ⌘V.',
	blueprint: 'Download, and choose **⋯, Import Blueprint** in a new scenario.',
};

/** What the file does, by what it is made for. */
function about({ kind, form }: MakeFile): string {
	if (kind === 'event, verified') {
		return '**With the signature checked.** Refuses what is not signed with your secret or is older than five minutes. Take this one.';
	}
	if (kind === 'event, light') {
		return '**Without a check.** Whoever knows the address can start it. For a first try.';
	}
	return form === 'clipboard' ? '**Modules to paste.**' : '**The same as a scenario of its own.**';
}

/** What to copy or download for Make. */
export function makePart(files: readonly MakeFile[], what: keyof typeof whereNone): string {
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
				isShared ? null : prose(file.after),
			),
		),
		isShared ? prose(afters[0] ?? '') : null,
		connect,
	);
}

const cost = ({ operations }: MakeFile): string =>
	`A run takes ${operations} ${operations === 1 ? 'operation' : 'operations'} of Make.`;

/** A component with links inside, so that the file can be had without JavaScript too. */
export function fileOffer({
	path,
	form,
	label,
}: Pick<MakeFile, 'path' | 'form' | 'label'>): string {
	const name = `${label}, ${form === 'clipboard' ? 'Make modules' : 'Make blueprint'}`;
	return `<FileOffer path="/${makeFolder}/${html(path)}" form="${form}" name="${html(name)}" />`;
}
