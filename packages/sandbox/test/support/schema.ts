import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

const ajv = new Ajv2020({ allErrors: true, strict: false });
addFormats.default(ajv);

/** What a schema finds wrong with a value; empty where it is right. */
export function faultsOf(schema: object, value: unknown): readonly string[] {
	const validate = ajv.compile(schema);
	if (validate(value)) return [];
	return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message ?? ''}`);
}
