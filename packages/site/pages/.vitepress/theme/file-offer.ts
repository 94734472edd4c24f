import { withBase } from 'vitepress';
import { defineComponent, h } from 'vue';

import { copyFile } from './copy.ts';

/** A committed file to copy, download or look at. Without JavaScript the two links are left. */
export const FileOffer = defineComponent({
	name: 'FileOffer',
	props: {
		path: { type: String, required: true },
		form: { type: String, required: true },
		name: { type: String, required: true },
	},
	setup(props) {
		return () => {
			const url = withBase(props.path);
			const isBlueprint = props.form === 'blueprint';
			const copy = h(
				'button',
				{
					type: 'button',
					class: ['action', 'needs-script', ...(isBlueprint ? [] : ['main'])],
					'aria-label': `Copy ${props.name}`,
					onClick: ({ currentTarget }: MouseEvent) =>
						void copyFile(currentTarget as HTMLElement, url),
				},
				'Copy',
			);
			const download = h(
				'a',
				{
					class: ['action', ...(isBlueprint ? ['main'] : [])],
					href: url,
					download: url.split('/').at(-1),
					'aria-label': `Download ${props.name}`,
				},
				'Download',
			);
			return h('p', { class: 'file-offer' }, [
				...(isBlueprint ? [download, copy] : [copy, download]),
				h(
					'a',
					{
						class: 'action plain',
						href: url,
						target: '_self',
						'aria-label': `Look at the file: ${props.name}`,
					},
					'Look at the file',
				),
			]);
		};
	},
});
