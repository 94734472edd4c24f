import { faultsIn } from '../src/catalogue-faults.ts';

const ran = (code: number, stdout: string, stderr = '') => ({ code, stdout, stderr });
const ofSource = `shared/catalogue/src/events/plan.ts(3,2): error TS2353: 'lable' does not exist.
  It may be 'label'.`;
const ofTest = 'shared/catalogue/test/events.test.ts(9,1): error TS2322: No.';

describe('what the compiler says of the catalogue', () => {
	it.each([
		['nothing where it found nothing', ran(0, ''), []],
		[
			'a fault in the sources, with what explains it',
			ran(2, `${ofTest}\n${ofSource}\n`),
			[ofSource],
		],
		['not what is wrong in tests', ran(2, `${ofTest}\n`), []],
		[
			'what belongs to no file',
			ran(1, 'error TS5083: Cannot read file.\n'),
			['error TS5083: Cannot read file.'],
		],
	])('counts %s', (_, answer, faults) => {
		expect(faultsIn(answer)).toEqual(faults);
	});

	it.each([
		[
			'failed',
			ran(1, '', 'Cannot find module tsc\n'),
			'The types were not checked. Cannot find module tsc',
		],
		['was ended', ran(1, ''), 'The types were not checked.'],
	])('is no approval where it %s without a word', (_, answer, message) => {
		expect(() => faultsIn(answer)).toThrow(new Error(message));
	});
});
