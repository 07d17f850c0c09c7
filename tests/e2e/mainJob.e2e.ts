import { test } from '@playwright/test';
import { mainJob } from './story.ts';

test('the main job: offline desk, return, endorsement, approval of an earlier text, publication, translation, merge', async ({}, info) => {
  test.setTimeout(420_000);
  await mainJob(info.outputPath('run'), {
    step: (text) => void info.annotations.push({ type: 'step', description: text }),
    picture: async () => undefined,
  });
});
