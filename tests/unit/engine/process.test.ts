import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createSecrets } from '../../../main/engine/session/secrets.ts';
import { newFolder, startEngine } from './support/desk.ts';
import { createFakePortal } from './support/fakePortal.ts';

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

async function startProcess(userData: string, held: Record<string, string> = {}) {
  const child = fork(new URL('./support/processChild.ts', import.meta.url), [], { silent: true });
  children.push(child);
  const messages: { kind: string; [key: string]: unknown }[] = [];
  let output = '';
  child.stdout?.setEncoding('utf8').on('data', (part: string) => {
    output += part;
  });
  child.on('message', (message) => messages.push(message as (typeof messages)[number]));
  await expect.poll(() => messages[0]?.kind, { timeout: 10_000 }).toBe('listening');
  child.send({ kind: 'start', userData, portalUrl: 'http://127.0.0.1:9', version: '0', held });
  return { child, messages, output: () => output };
}

describe('the engine’s process', () => {
  it('says when it is ready and to which portal it belongs, and ends when told', {
    timeout: 30_000,
  }, async () => {
    const { child, messages } = await startProcess(await newFolder());
    await expect
      .poll(() => messages.map((one) => one.kind), { timeout: 10_000 })
      .toEqual(['listening', 'portal', 'ready']);
    expect(messages[1]).toMatchObject({ url: 'http://127.0.0.1:9' });
    child.send({ kind: 'stop' });
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('takes from the shell what it kept for it, and starts though the store is damaged', {
    timeout: 30_000,
  }, async () => {
    const portal = createFakePortal();
    const kept: Record<string, string> = {};
    const { engine, window, userData } = await startEngine({
      fetch: portal.fetch,
      portalUrl: 'http://127.0.0.1:9',
      protect: () => Promise.reject(new Error('no key store')),
      hold: (name, value) => {
        if (value === null) delete kept[name];
        else kept[name] = value;
      },
    });
    await window.must('session.signIn', { account: 'liaison', password: 'right' });
    await engine.stop();
    const folder = join(userData, 'desks', (await readdir(join(userData, 'desks')))[0] ?? '');
    await writeFile(join(folder, 'desk.sqlite'), 'no database'.repeat(1000));
    const { child, messages, output } = await startProcess(userData, kept);
    await expect.poll(() => messages.at(-1)?.kind, { timeout: 10_000 }).toBe('ready');
    expect(output()).toContain('"event":"desk.not-opened"');
    expect(child.exitCode).toBeNull();
  });
});

describe('secrets', () => {
  it('are asked of the shell, each answer for its question', async () => {
    const asked: { kind: string; id: string }[] = [];
    const secrets = createSecrets((message) => asked.push(message as (typeof asked)[number]));
    const first = secrets.protect('one');
    const second = secrets.unprotect('two');
    const third = secrets.protect('three');
    expect(asked).toMatchObject([
      { kind: 'protect', text: 'one' },
      { kind: 'unprotect', base64: 'two' },
      { kind: 'protect', text: 'three' },
    ]);
    secrets.answered({ kind: 'secret', id: asked[1]?.id ?? '', ok: true, value: 'b' });
    secrets.answered({ kind: 'secret', id: asked[0]?.id ?? '', ok: true, value: 'a' });
    secrets.answered({ kind: 'secret', id: asked[2]?.id ?? '', ok: false, value: '' });
    secrets.answered({ kind: 'secret', id: 'unknown', ok: true, value: 'x' });
    expect(await Promise.all([first, second])).toEqual(['a', 'b']);
    await expect(third).rejects.toThrow();
  });
});
