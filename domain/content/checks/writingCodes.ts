/** Findings in what was written, by weight. */
export const WRITING_CODES = [
  'secrecy-mark',
  'legacy-encoding',
  'personal-id',
  'secrecy-word',
  'internal-only',
  'personal-id-likely',
  'private-phone',
  'health-data',
  'complaint-in-question',
  'quoted-without-source',
  'email-not-official',
  'image-without-text',
  'media-without-text',
  'colour-only',
  'blinking',
  'link-text-vague',
  'link-text-url',
  'not-nfc',
] as const;
/** One of {@link WRITING_CODES}. */
export type WritingCode = (typeof WRITING_CODES)[number];

/** What a person is to do about a finding; sentences in `assets/strings` under `todo`. */
export const TODOS = [
  'take-out-secret',
  'ask-about-secret',
  'mask-number',
  'mask-number-if-personal',
  'use-office-number',
  'leave-out-health',
  'pass-complaint-on',
  'name-source',
  'describe-image',
  'describe-media',
  'say-without-colour',
  'take-out-movement',
  'name-link',
  'type-again',
  'convert-text',
  'use-office-mail',
] as const;
/** One of {@link TODOS}. */
export type Todo = (typeof TODOS)[number];
