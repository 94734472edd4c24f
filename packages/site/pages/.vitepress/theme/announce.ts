import { ref } from 'vue';

/** What a screen reader is told next. Shown in one live region at the end of every page. */
export const announcement = ref('');

export function announce(text: string): void {
	// The same text twice in a row would be heard once.
	announcement.value = '';
	requestAnimationFrame(() => {
		announcement.value = text;
	});
}
