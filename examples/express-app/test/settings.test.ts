import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { expect, test } from 'vitest';
import { readSettings } from '../src/settings.ts';

test('.env.example lists every setting, with its default', () => {
  const example = parseEnv(readFileSync(join(import.meta.dirname, '..', '.env.example'), 'utf8'));
  const { dataDir, ...settings } = readSettings(example);
  const { dataDir: defaultDir, ...defaults } = readSettings();
  expect(settings).toEqual(defaults);
  expect([dataDir, defaultDir]).toEqual(['data', join(import.meta.dirname, '..', 'data')]);
  expect(Object.keys(example)).toHaveLength(Object.keys(settings).length + 1);
});

test('each setting is read', () => {
  const settings = readSettings({
    PORT: '4000',
    HOST: '0.0.0.0',
    DATA_DIR: '/data',
    COLLAB_SECRET: 'secret',
    API_KEY: 'key',
    TOKEN_EXPIRES_IN: '30',
    TOKEN_REQUESTS_PER_MINUTE: '5',
    REDIS_URL: 'redis://localhost',
  });
  expect(settings).toEqual({
    port: 4000,
    host: '0.0.0.0',
    dataDir: '/data',
    secret: 'secret',
    apiKey: 'key',
    tokenExpiresIn: 30,
    tokenRequestsPerMinute: 5,
    redisUrl: 'redis://localhost',
  });
});

test.each(['PORT', 'TOKEN_REQUESTS_PER_MINUTE'])('%s must be a whole number', (name) => {
  for (const value of ['many', '-1', '1.5']) {
    expect(() => readSettings({ [name]: value })).toThrow(`${name} must be a whole number`);
  }
  expect(() => readSettings({ PORT: '65536' })).toThrow('PORT must be a whole number from 0 to 65535');
});
