import { expect, test } from 'vitest';
import { Refusal } from '../../src/http/refusal.ts';
import { requireSameSite, toAllowedOrigins } from '../../src/http/same-site.ts';

const none = toAllowedOrigins('here', undefined);
const allowed = toAllowedOrigins('here', ['https://app.example', 'capacitor://localhost', 'http://localhost:5173']);

test.each([undefined, null, 'same-origin', 'same-site', 'none'])('a request with site %s passes', (site) => {
  expect(() => requireSameSite(site, undefined, none)).not.toThrow();
});

test.each(['cross-site', '', 'cross-site, same-origin', 'Same-Origin', 'new-word'])(
  'a request with site "%s" is refused',
  (site) => {
    expect(() => requireSameSite(site, 'https://app.example', none)).toThrow(new Refusal('cross-site'));
  },
);

test.each(['https://app.example', 'capacitor://localhost', 'http://localhost:5173'])(
  'an allowed origin %s passes',
  (origin) => {
    expect(() => requireSameSite('cross-site', origin, allowed)).not.toThrow();
  },
);

test.each([
  undefined,
  null,
  'null',
  '',
  'https://app.example:444',
  'http://app.example',
  'https://app.example.evil.example',
  'https://APP.example',
])('the origin %s is not taken for an allowed one', (origin) => {
  expect(() => requireSameSite('cross-site', origin, allowed)).toThrow(new Refusal('cross-site'));
});

test.each([
  ['https://app.example/'],
  ['https://app.example/path'],
  ['*'],
  ['null'],
  [''],
  ['https://*.example'],
  ['https://app.example:443'],
  ['https://app.example:port'],
  ['https://bücher.example'],
  ['https://App.example'],
  ['app.example'],
  ['https://user@app.example'],
  ['https://a.example,https://b.example'],
  [7],
  [undefined],
])('the origin %s in a list is a TypeError, because no browser sends it', (origin) => {
  expect(() => toAllowedOrigins('here', [origin])).toThrow(
    new TypeError(`here: "allowedOrigins" must be a list of origins such as 'https://app.example'`),
  );
});

test.each([null, 'https://app.example', {}, true])('allowedOrigins: %s is a TypeError', (origins) => {
  expect(() => toAllowedOrigins('here', origins)).toThrow(TypeError);
});
