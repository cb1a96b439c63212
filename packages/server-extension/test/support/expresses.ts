import express from 'express';

type Express = typeof express;

/** Every Express that is installed: 5 always, 4 under the alias `express4`. */
export const expresses: readonly (readonly [string, Express])[] = [
  ['Express 5', express],
  ...(await installed('Express 4', 'express4')),
];

async function installed(label: string, specifier: string): Promise<[string, Express][]> {
  try {
    const { default: found } = await import(specifier);
    return [[label, found]];
  } catch {
    return [];
  }
}
