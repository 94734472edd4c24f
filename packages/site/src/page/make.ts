import type { MakeFile } from '../committed.ts';
import { html, blocks, prose } from '../markdown.ts';

/** Where the files of packages/make are served. */
export const makeFolder = 'make';

const verbs = {
	clipboard: 'Click an empty spot of your scenario and press Ctrl+V or ⌘V.',
	blueprint: 'In a new scenario choose ⋯, then Import Blueprint.',
} as const;

/** What to copy or download for Make. */
export function makePart(files: readonly MakeFile[], what: 'event' | 'operation'): string {
	return blocks(
		'## Make',
		files.length === 0
			? what === 'event'
				? 'Start a scenario with **Webhooks, Custom webhook**, and have the events sent to its address. [Connect Make](/guides/connect-make.html) shows how.'
				: 'Add **HTTP, Make a request** and fill in the call below. [Connect Make](/guides/connect-make.html) shows how.'
			: null,
		...files.map((file) =>
			blocks(`**${prose(file.title)}.** ${prose(file.summary)} ${verbs[file.form]}`, offer(file)),
		),
	);
}

/** A component with a link inside, so that the file can be had without JavaScript too. */
function offer({ path, form, title }: MakeFile): string {
	return `<FileOffer path="/${makeFolder}/${html(path)}" form="${form}" name="${html(title)}" />`;
}
