/**
 * Vite takes what follows these in a path for a query or a fragment, and then says that the catalogue cannot be found.
 *
 * @param folder Absolute.
 * @throws Error where the site cannot be built in it.
 */
export function refuseFolder(folder: string): void {
	if (!/[#?]/.test(folder)) return;
	throw new Error(
		`VitePress builds nothing below a folder that has # or ? in its name. Move the repository: it is in ${folder}.`,
	);
}
