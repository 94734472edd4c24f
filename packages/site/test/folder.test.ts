import { refuseFolder } from '../src/folder.ts';

it.each(['/home/me/C#/packages/site', '/home/me/why?/packages/site'])(
	'a site in %s is not begun: VitePress would say that it cannot find the catalogue',
	(folder) => {
		expect(() => {
			refuseFolder(folder);
		}).toThrow(
			`VitePress builds nothing below a folder that has # or ? in its name. Move the repository: it is in ${folder}.`,
		);
	},
);

it('any other folder will do', () => {
	expect(() => {
		refuseFolder("/home/me/Müller & Söhne's (50 %) [1]/packages/site");
	}).not.toThrow();
});
