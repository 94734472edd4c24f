/** The sections of the site, in the order of the header. Apart from the catalogue, because every page carries them. */
export const sections = [
	{ text: 'Events', link: '/events/' },
	{ text: 'Actions', link: '/actions/' },
	{ text: 'Searches', link: '/searches/' },
	{ text: 'Recipes', link: '/recipes/' },
	{ text: 'Guides', link: '/guides/' },
	{ text: 'Token helper', link: '/token.html' },
] as const;

/** What is said where there is no page, with a way back. */
export const notFound = {
	title: 'Page not found',
	advice: 'Use the search, or start from one of the lists.',
	linkText: 'To the first page',
} as const;
