import { announce } from './announce.ts';

/** Shows on a button what became of a copy, and says it aloud. */
function report(button: HTMLElement, text: string): void {
	const usual = (button.dataset['usual'] ??= button.textContent);
	button.textContent = text;
	announce(text);
	setTimeout(() => {
		button.textContent = usual;
	}, 2_000);
}

/** Copies exactly the text of the block a button stands in. */
export async function copyBlock(button: HTMLElement): Promise<void> {
	await copyText(button, button.parentElement?.querySelector('pre code')?.textContent ?? '');
}

/** On a page that came over plain HTTP there is no clipboard at all, which is said like a refusal. */
export async function copyText(button: HTMLElement, text: string): Promise<void> {
	try {
		await navigator.clipboard.writeText(text);
		report(button, 'Copied');
	} catch {
		report(button, 'Copying was refused');
	}
}

/**
 * Copies exactly the bytes of a file of this site.
 *
 * Safari only allows it while the click is being handled, so the clipboard gets the promise, not the answer.
 */
export async function copyFile(button: HTMLElement, url: string): Promise<void> {
	const text = fetch(url).then(async (answer) => {
		if (!answer.ok) throw new Error(`${url} was answered with ${answer.status}.`);
		return new Blob([await answer.arrayBuffer()], { type: 'text/plain' });
	});
	try {
		await navigator.clipboard.write([new ClipboardItem({ 'text/plain': text })]);
		report(button, 'Copied');
	} catch {
		report(button, 'Copying was refused: open the file instead');
	}
}
