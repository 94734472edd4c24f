import type { Theme } from 'vitepress';
import DefaultTheme from 'vitepress/theme-without-fonts';

import { AbilityTable } from './ability-table.ts';
import { FileOffer } from './file-offer.ts';
import { Layout } from './layout.ts';
import { SearchButton } from './search-button.ts';
import { TokenHelper } from './token-helper.ts';
import './style.css';

/** VitePress's theme without its fonts, with a search of our own and what copies files. */
export default {
	extends: DefaultTheme,
	Layout,
	enhanceApp({ app }) {
		app.component('AbilityTable', AbilityTable);
		app.component('FileOffer', FileOffer);
		app.component('SearchButton', SearchButton);
		app.component('TokenHelper', TokenHelper);
	},
} satisfies Theme;
