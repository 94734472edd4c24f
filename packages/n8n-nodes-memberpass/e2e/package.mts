import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const packageName = 'n8n-nodes-memberpass';

/** Packs the built package as it would be published. Returns the path of the tarball. */
export function pack(packageFolder: string, into: string): string {
	mkdirSync(into, { recursive: true });
	const args = ['pack', '--ignore-scripts', '--json', '--pack-destination', into];
	const [packed] = JSON.parse(
		execFileSync('npm', args, { cwd: packageFolder, encoding: 'utf8' }),
	) as readonly [{ readonly filename: string }];
	return join(into, packed.filename);
}

/**
 * Puts a tarball where n8n's own installer puts community packages, the way it does: unpacked, without the
 * dependencies of developers and peers. Its `npm install` is left out, because the package has no dependencies.
 */
export function installPackage(tarball: string, userFolder: string): void {
	const nodes = join(userFolder, '.n8n/nodes');
	unpack(tarball, join(nodes, 'node_modules', packageName));
	const installed = join(nodes, 'node_modules', packageName, 'package.json');
	const manifest = JSON.parse(readFileSync(installed, 'utf8')) as Record<string, unknown>;
	if ('dependencies' in manifest) throw new Error('The package must not need other packages.');
	delete manifest['devDependencies'];
	delete manifest['peerDependencies'];
	writeFileSync(installed, JSON.stringify(manifest, null, 2));
	const dependencies = { [packageName]: manifest['version'] };
	writeFileSync(join(nodes, 'package.json'), JSON.stringify({ private: true, dependencies }));
}

/** Unpacks a tarball in place of what is there. */
export function unpack(tarball: string, folder: string): void {
	rmSync(folder, { recursive: true, force: true });
	mkdirSync(folder, { recursive: true });
	execFileSync('tar', ['-xzf', tarball, '-C', folder, '--strip-components=1']);
}
