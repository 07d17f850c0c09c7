import { describe, expect, test } from 'vitest';
import { holds } from '../../../domain/regulations/conditions.ts';
import {
  categoriesForUnit,
  cite,
  deadlineRuleFor,
  englishMinimumOf,
  findCategory,
} from '../../../domain/regulations/index.ts';
import { getProfile, profileIds } from '../../../domain/regulations/profiles.ts';
import type { ChainAction, DeadlineMode, RegulationProfile } from '../../../domain/regulations/types.ts';

function vp17(): RegulationProfile {
  const profile = getProfile('VP17');
  if (!profile) throw new Error('VP17 is missing');
  return profile;
}

function category(id: string) {
  const found = findCategory(vp17(), id);
  if (!found) throw new Error(`no category ${id}`);
  return found;
}

describe('profiles', () => {
  test.each(profileIds())('%s ships and checks', (id) => {
    expect(getProfile(id)?.id).toBe(id);
  });

  test('an unknown id, also one of Object.prototype, gives undefined', () => {
    expect(getProfile('XX99')).toBeUndefined();
    expect(getProfile('constructor')).toBeUndefined();
  });

  test('VP17-QĐ.2 takes effect ten calendar days after signing', () => {
    expect(vp17()).toMatchObject({
      number: '26/2017/QĐ-UBND',
      issuedOn: '2017-08-17',
      validFrom: '2017-08-27',
      validTo: null,
    });
  });

  test('every name is in both languages and in composed form', () => {
    const names: string[] = [];
    JSON.stringify(vp17(), (key, value) => {
      if ((key === 'vi' || key === 'en') && typeof value === 'string') names.push(value);
      return value;
    });
    expect(names.length).toBeGreaterThan(300);
    expect(names.filter((name) => name !== name.normalize('NFC') || name.trim() === '')).toEqual([]);
  });
});

describe('VP17 Điều 7: time limits', () => {
  const cases: [
    ref: string,
    category: string,
    mode: DeadlineMode,
    days: number | null,
    event: string | null,
  ][] = [
    ['VP17-7.1', 'introduction', 'continuous', null, null],
    ['VP17-7.1', 'contact-officials', 'continuous', null, null],
    ['VP17-7.1', 'news-events', 'continuous', null, null],
    ['VP17-7.1', 'direction-administration', 'continuous', null, null],
    ['VP17-7.2', 'policy-law-dissemination', 'within', 5, 'basisDocumentDate'],
    ['VP17-7.2', 'labour-social-policy', 'within', 5, 'basisDocumentDate'],
    ['VP17-7.3', 'strategy-planning', 'within', 10, 'approvalDate'],
    ['VP17-7.3', 'investment-incentives', 'within', 10, 'approvalDate'],
    ['VP17-7.3', 'construction-urban-planning', 'within', 10, 'approvalDate'],
    ['VP17-7.3', 'land-use-planning', 'within', 10, 'approvalDate'],
    ['VP17-7.3', 'natural-resources-planning', 'within', 10, 'approvalDate'],
    ['VP17-7.3', 'waste-environment', 'within', 10, 'approvalDate'],
    ['VP17-7.3', 'projects-bidding', 'within', 10, 'approvalDate'],
    ['VP17-7.4', 'legal-documents', 'within', 7, 'issueDate'],
    ['VP17-7.5', 'administrative-procedures', 'before', 10, 'effectiveDate'],
    ['VP17-7.6', 'science-programmes', 'within', 10, 'approvalDate'],
    ['VP17-7.7.a', 'qa', 'within', 5, 'receivedDate'],
    ['VP17-7.8', 'statistics', 'within', 5, 'releaseDecisionDate'],
    ['VP17-7.9', 'foreign-language', 'timely', null, null],
    ['VP17-7.10', 'official-gazette', 'immediate', 0, 'issueDate'],
    ['VP17-7.10', 'prices-fees', 'immediate', 0, 'documentDate'],
    ['VP17-7.10', 'public-consultation', 'immediate', 0, null],
    ['VP17-7.10', 'other', 'immediate', 0, 'documentDate'],
  ];
  test.each(cases)('%s %s: %s %s', (ref, id, mode, workingDays, eventField) => {
    expect(category(id).deadline).toMatchObject({ ref, mode, workingDays, eventField });
  });

  test('VP17-7.7 a question that needs several sectors has ten days', () => {
    const qa = category('qa');
    expect(deadlineRuleFor(qa, { questionClass: 'in-competence' })).toMatchObject({ ref: 'VP17-7.7.a' });
    expect(deadlineRuleFor(qa, { questionClass: 'inter-sector' })).toMatchObject({
      ref: 'VP17-7.7.b',
      workingDays: 10,
    });
  });

  test('VP17-7.6 the second clock runs from acceptance', () => {
    const science = category('science-programmes');
    expect(deadlineRuleFor(science, {}).eventField).toBe('approvalDate');
    expect(deadlineRuleFor(science, { acceptanceDate: '2026-05-04' }).eventField).toBe('acceptanceDate');
  });

  test('a counted limit asks for its date before submission', () => {
    const open = vp17().categories.filter((entry) =>
      [entry.deadline, ...entry.alternatives].some((rule) => {
        const field = entry.fields.find((candidate) => candidate.id === rule.eventField);
        return (rule.mode === 'within' || rule.mode === 'before') && !rule.when && !field?.required;
      }),
    );
    expect(open.map((entry) => entry.id)).toEqual([]);
  });
});

describe('VP17 Điều 4: fields that must be filled', () => {
  const cases: [ref: string, category: string, fields: string[]][] = [
    ['VP17-4.1', 'contact-officials', ['fullName', 'position', 'workUnit', 'phoneFax', 'officialEmail']],
    ['VP17-4.2', 'news-events', ['mediaKind']],
    ['VP17-4.4', 'policy-law-dissemination', ['basisDocumentDate']],
    [
      'VP17-4.6',
      'legal-documents',
      [
        'documentForm',
        'issuingAuthority',
        'documentNumber',
        'issueDate',
        'effectiveDate',
        'abstract',
        'documentFile',
      ],
    ],
    ['VP17-4.7', 'official-gazette', ['gazetteNumber', 'issueDate', 'documentList', 'documentAbstract']],
    [
      'VP17-4.8',
      'administrative-procedures',
      [
        'adminLevel',
        'process',
        'dossier',
        'receivingPlace',
        'handler',
        'handlerContact',
        'processingTime',
        'fee',
        'charge',
        'effectiveDate',
        'concernsForeigners',
      ],
    ],
    [
      'VP17-4.9',
      'online-public-services',
      [
        'sector',
        'process',
        'dossier',
        'receivingPlace',
        'handler',
        'handlerContact',
        'processingTime',
        'fee',
        'charge',
        'serviceLevel',
        'concernsForeigners',
      ],
    ],
    [
      'VP17-4.10.b',
      'projects-bidding',
      [
        'projectName',
        'objective',
        'sector',
        'projectType',
        'duration',
        'budget',
        'fundingType',
        'sponsor',
        'status',
        'approvalDate',
      ],
    ],
    [
      'VP17-4.11.a',
      'science-programmes',
      ['name', 'code', 'managementLevel', 'field', 'leadUnit', 'duration', 'approvalDate'],
    ],
    [
      'VP17-4.14.b',
      'statistics',
      ['data', 'statisticalReport', 'method', 'analysis', 'surveyTime', 'releaseDecisionDate'],
    ],
  ];
  test.each(cases)('%s %s', (_ref, id, fields) => {
    const required = category(id).fields.filter(
      (field) => field.required && !field.when && field.filledBy === undefined,
    );
    expect(required.map((field) => field.id)).toEqual(fields);
  });

  test('VP17-4.10.a a project has exactly three states', () => {
    const status = category('projects-bidding').fields.find((field) => field.id === 'status');
    expect(status?.options?.map((option) => option.id)).toEqual([
      'in-preparation',
      'in-progress',
      'completed',
    ]);
  });

  test('VP17-9.1 a service of level 3 or more needs a user guide', () => {
    const guide = category('online-public-services').fields.find((field) => field.id === 'userGuide');
    const needs = (serviceLevel: unknown) => guide?.when !== undefined && holds(guide.when, { serviceLevel });
    expect([2, 3, 4, '3', '', null].map(needs)).toEqual([false, true, true, true, false, false]);
  });
});

describe('VP17 Điều 5: who supplies what', () => {
  const cases: [ref: string, unit: string, categories: string[]][] = [
    [
      'VP17-5.1',
      'vpubnd',
      [
        'investment-incentives',
        'direction-administration',
        'legal-documents',
        'official-gazette',
        'plans-programmes',
        'socio-economic-reports',
        'hotline-feedback',
        'other',
      ],
    ],
    [
      'VP17-5.2',
      'skhdt',
      ['projects-bidding', 'investment-approval', 'investment-calls-soe', 'planning-approval-decisions'],
    ],
    ['VP17-5.3', 'stc', ['prices-fees']],
    ['VP17-5.4', 'skhcn', ['science-programmes']],
    ['VP17-5.5', 'sxd', ['construction-urban-planning']],
    [
      'VP17-5.6',
      'stnmt',
      [
        'land-use-planning',
        'natural-resources-planning',
        'waste-environment',
        'geography-maps',
        'land-allocation',
        'land-prices',
        'land-law-violations',
      ],
    ],
    ['VP17-5.7', 'stp', ['administrative-procedures', 'justice-work']],
    ['VP17-5.8', 'snv', ['recruitment-appointment', 'admin-reform-progress']],
    ['VP17-5.9', 'stttt', ['spokespersons', 'ict-sector']],
    ['VP17-5.10', 'svhttdl', ['culture-tourism-data']],
    ['VP17-5.11', 'sldtbxh', ['labour-social-policy', 'policy-law-dissemination']],
    ['VP17-5.12', 'sct', ['industry-trade']],
    ['VP17-5.13', 'bqlkcn', ['industrial-zones']],
    ['VP17-5.14', 'ctk', ['statistics', 'statistical-yearbook']],
  ];
  test.each(cases)('%s %s', (ref, id, categories) => {
    const unit = vp17().units.find((entry) => entry.id === id);
    expect(unit?.ref).toBe(ref);
    expect(unit?.categories.map((duty) => duty.categoryId)).toEqual(categories);
  });

  test('VP17-5.15 every unit may write in 4.4, its own categories come first, other units’ are left out', () => {
    const ids = categoriesForUnit(vp17(), 'sct').map((entry) => entry.id);
    expect(ids[0]).toBe('industry-trade');
    expect(ids).toContain('policy-law-dissemination');
    expect(ids).toContain('news-events');
    expect(ids).not.toContain('statistics');
    expect(ids).not.toContain('feedback-petitions');
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('the chain', () => {
  const cases: [
    channel: 'vi' | 'en',
    action: ChainAction,
    role: string,
    from: string,
    to: string,
    ref: string,
    sameUnit: boolean,
    reason: boolean,
  ][] = [
    ['vi', 'submit', 'liaison', 'draft|returned|correcting', 'submitted', 'VP17-6.1', true, false],
    ['vi', 'endorse', 'unit-head', 'submitted', 'endorsed', 'VP17-5', true, false],
    ['vi', 'return', 'unit-head', 'submitted', 'returned', 'VP17-5', true, true],
    ['vi', 'pass', 'editor', 'endorsed', 'in-review', 'VP17-11.1', false, false],
    ['vi', 'return', 'editor', 'endorsed', 'returned', 'VP17-11.1', false, true],
    ['vi', 'approve', 'editor-in-chief', 'in-review', 'approved', 'VP17-3.4', false, false],
    ['vi', 'return', 'editor-in-chief', 'in-review', 'returned', 'VP17-3.4', false, true],
    ['vi', 'refuse', 'editor-in-chief', 'in-review', 'refused', 'VP17-3.4', false, true],
    ['en', 'submit', 'translator', 'draft|returned|correcting', 'submitted', 'VP17-4.15', false, false],
    ['en', 'pass', 'editor', 'submitted', 'in-review', 'VP17-11.1', false, false],
    ['en', 'return', 'editor', 'submitted', 'returned', 'VP17-11.1', false, true],
    ['en', 'approve', 'editor-in-chief', 'in-review', 'approved', 'VP17-3.4', false, false],
    ['en', 'return', 'editor-in-chief', 'in-review', 'returned', 'VP17-3.4', false, true],
    ['en', 'refuse', 'editor-in-chief', 'in-review', 'refused', 'VP17-3.4', false, true],
  ];
  test.each(cases)(
    '%s: %s by %s from %s to %s (%s)',
    (channel, action, role, from, to, ref, sameUnit, reason) => {
      const steps = vp17().chain[channel].filter(
        (step) => step.action === action && step.roles.join() === role,
      );
      expect(steps).toHaveLength(1);
      expect(steps[0]).toMatchObject({ to, ref, sameUnit });
      expect(steps[0]?.from.join('|')).toBe(from);
      expect(steps[0]?.requiresReason ?? false).toBe(reason);
    },
  );

  test('there is no other step towards the public, and none back', () => {
    const after = ['withdraw', 'recall', 'correct', 'archive', 'reopen'];
    const steps = [...vp17().chain.vi, ...vp17().chain.en].filter((step) => !after.includes(step.action));
    expect(steps).toHaveLength(cases.length);
  });

  test('VP17-11.3 only the one with the last word approves or refuses', () => {
    const deciding = [...vp17().chain.vi, ...vp17().chain.en].filter((step) =>
      ['approve', 'refuse'].includes(step.action),
    );
    expect(deciding.every((step) => step.roles.join() === vp17().lastWord.role)).toBe(true);
  });
});

describe('VP17-4.15 English minimum', () => {
  const cases: [ref: string | undefined, category: string, values: Record<string, unknown>][] = [
    ['VP17-4.15.a', 'introduction', {}],
    ['VP17-4.15.a', 'geography-maps', {}],
    ['VP17-4.15.c', 'contact-officials', {}],
    ['VP17-4.15.d', 'administrative-procedures', { concernsForeigners: true }],
    [undefined, 'administrative-procedures', { concernsForeigners: false }],
    ['VP17-4.15.d', 'online-public-services', { concernsForeigners: true }],
    ['VP17-4.15.e', 'investment-incentives', {}],
    [undefined, 'news-events', {}],
  ];
  test.each(cases)('%s %s %o', (ref, id, values) => {
    expect(englishMinimumOf(vp17(), id, values)?.ref).toBe(ref);
  });
});

test('a citation names regulation and clause', () => {
  expect(cite(vp17(), category('legal-documents').deadline)).toBe('VP17 Điều 7 khoản 4');
  expect(cite(vp17(), { clause: null })).toBeNull();
});
