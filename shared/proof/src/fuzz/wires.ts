import { operations, platform } from '@memberpass/catalogue';
import { toWire, type WireOperation } from '@memberpass/protocol';
import fc from 'fast-check';

/** Every operation as the protocol sees it, and one of them to draw. */
export const wires = operations.map(toWire);
export const anyOperation = fc.nat(wires.length - 1);
export const wireAt = (index: number): WireOperation => {
	const wire = wires[index % wires.length];
	if (wire === undefined) throw new Error('There is no operation.');
	return wire;
};
export const origin = platform.apiOrigin;
export const now = 1_779_098_700_000;
