import { describe, expect, test } from 'vitest';
import { checkBeforeSubmit } from '../../../domain/content/checkBeforeSubmit.ts';
import {
  categoriesForUnit,
  deadlineRuleFor,
  findCategory,
  forPortalKind,
  getProfile,
  portalKindIds,
} from '../../../domain/regulations/index.ts';
import type { Category, DeadlineMode, RegulationProfile } from '../../../domain/regulations/types.ts';

/** TB21, TB11 and ST19, clause by clause. VP17 has a file of its own. */

function shipped(id: string): RegulationProfile {
  const profile = getProfile(id);
  if (!profile) throw new Error(`${id} is missing`);
  return profile;
}
function category(ref: string, id: string): Category {
  const found = findCategory(shipped(ref.slice(0, 4)), id);
  if (!found) throw new Error(`no category ${id}`);
  return found;
}

describe('time limits', () => {
  const cases: [
    ref: string,
    category: string,
    values: Record<string, unknown>,
    mode: DeadlineMode,
    days: number | null,
    event: string | null,
  ][] = [
    ['TB21-9.1.a', 'introduction', {}, 'continuous', null, null],
    ['TB21-9.1.a', 'contact-officials', {}, 'continuous', null, null],
    ['TB21-9.1.a', 'news-events', {}, 'continuous', null, null],
    ['TB21-9.1.b', 'policy-law-dissemination', {}, 'within', 15, 'basisDocumentDate'],
    ['TB21-9.1.c-1', 'legal-documents', { deadlineBasis: 'issuer' }, 'within', 2, 'issueDate'],
    ['TB21-9.1.c-2', 'legal-documents', { deadlineBasis: 'in-scope' }, 'within', 10, 'issueDate'],
    ['TB21-9.1.đ-2', 'qa', {}, 'within', 15, 'receivedDate'],
    ['TB21-11.1', 'online-public-services', {}, 'immediate', 0, 'changeDate'],
    ['TB11-6.2.a', 'party-state-policies', {}, 'continuous', null, null],
    ['TB11-6.2.a', 'policy-law-dissemination', {}, 'continuous', null, null],
    ['TB11-6.2.a', 'online-public-services', {}, 'continuous', null, null],
    ['TB11-6.2.a', 'other', {}, 'continuous', null, null],
    ['TB11-6.2.b', 'introduction', {}, 'timely', null, null],
    ['TB11-6.2.b', 'promotion-knowledge', {}, 'timely', null, null],
    ['TB11-6.2.c', 'news-events', {}, 'immediate', 0, 'eventDate'],
    ['TB11-6.2.d', 'legal-documents', {}, 'timely', null, null],
    ['TB11-6.2.d', 'administrative-procedures', {}, 'timely', null, null],
    ['TB11-6.2.d', 'direction-administration', {}, 'timely', null, null],
    ['TB11-6.2.e', 'qa', { questionClass: 'in-competence' }, 'within', 5, 'receivedDate'],
    ['TB11-6.2.e', 'qa', { questionClass: 'inter-sector' }, 'within', 10, 'receivedDate'],
    ['TB11-6.2.e', 'qa', { questionClass: 'special' }, 'within', 15, 'receivedDate'],
    ['TB11-6.2.g', 'databases', {}, 'timely', null, null],
    ['TB11-6.2.h', 'projects-bidding', {}, 'timely', null, null],
    ['TB11-12.1', 'socio-economic-indicators', {}, 'timely', null, null],
    ['ST19-17.1.a', 'news-events', {}, 'continuous', null, null],
    ['ST19-17.1.a', 'portal-contact', {}, 'continuous', null, null],
    ['ST19-17.1.b', 'policy-law-dissemination', {}, 'within', 15, 'basisDocumentDate'],
    ['ST19-17.1.c-1', 'legal-documents', { deadlineBasis: 'issuer' }, 'within', 2, 'issueDate'],
    ['ST19-17.1.c-2', 'legal-documents', { deadlineBasis: 'in-scope' }, 'within', 10, 'issueDate'],
    [
      'ST19-17.1.a',
      'legal-documents',
      { deadlineBasis: 'in-scope-administrative' },
      'continuous',
      null,
      null,
    ],
    ['ST19-17.1.d', 'strategy-planning', {}, 'within', 10, 'approvalDate'],
    ['ST19-17.1.d', 'projects-bidding', {}, 'within', 10, 'approvalDate'],
    ['ST19-17.1.đ-1', 'qa', {}, 'within', 15, 'receivedDate'],
    ['ST19-17.1.đ-2', 'feedback-petitions', {}, 'byReference', null, null],
    ['ST19-17.1.e', 'science-programmes', {}, 'within', 20, 'approvalDate'],
    ['ST19-17.1.e', 'science-programmes', { acceptanceDate: '2026-05-04' }, 'within', 20, 'acceptanceDate'],
    ['ST19-17.1.g', 'statistics', {}, 'within', 10, 'releaseDecisionDate'],
    ['ST19-17.1.h', 'foreign-language', {}, 'timely', null, null],
  ];
  test.each(cases)('%s %s %o: %s %s', (ref, id, values, mode, workingDays, eventField) => {
    expect(deadlineRuleFor(category(ref, id), values)).toMatchObject({ ref, mode, workingDays, eventField });
  });

  test.each([
    [
      'TB21',
      [
        'direction-administration',
        'administrative-procedures',
        'feedback-petitions',
        'public-consultation',
        'portal-contact',
        'other',
      ],
    ],
    ['TB11', []],
    ['ST19', ['event-images']],
  ] as const)('%s sets no limit for %o', (id, none) => {
    const open = shipped(id).categories.filter((one) => one.deadline.mode === 'notStated');
    expect(open.map((one) => one.id)).toEqual(none);
  });

  test.each(['TB21', 'TB11', 'ST19'])('%s: a counted limit asks for its date before submission', (id) => {
    const open = shipped(id).categories.filter((entry) =>
      [entry.deadline, ...entry.alternatives].some((rule) => {
        const field = entry.fields.find((one) => one.id === rule.eventField);
        return rule.mode === 'within' && rule.when?.op !== 'present' && !field?.required;
      }),
    );
    expect(open.map((entry) => entry.id)).toEqual([]);
  });
});

describe('a rule holds between its days', () => {
  const rule = {
    ...category('ST19-17.1.d', 'strategy-planning').deadline,
    workingDays: 3,
    ref: 'ST19-17.1.b',
  };
  const old = { ...rule, validTo: '2022-08-14' };
  const dated = { ...category('ST19-17.1.d', 'strategy-planning'), alternatives: [old] };
  test.each([
    ['2022-08-14', 'ST19-17.1.b'],
    ['2022-08-15', 'ST19-17.1.d'],
    ['', 'ST19-17.1.d'],
  ])('event on %s: %s', (approvalDate, ref) => {
    expect(deadlineRuleFor(dated, { approvalDate }).ref).toBe(ref);
  });
});

describe('fields that must be filled', () => {
  const cases: [ref: string, category: string, fields: string[]][] = [
    ['TB21-6.2', 'contact-officials', ['fullName', 'position', 'workUnit', 'phoneFax', 'officialEmail']],
    [
      'TB21-6.6',
      'legal-documents',
      [
        'documentForm',
        'issuingAuthority',
        'documentNumber',
        'issueDate',
        'effectiveDate',
        'abstract',
        'documentFile',
        'deadlineBasis',
      ],
    ],
    [
      'TB21-6.8-2',
      'public-consultation',
      ['commentDeadline', 'receivingUnit', 'receivingAddress', 'receivingEmail'],
    ],
    ['TB21-6.10', 'portal-contact', ['address', 'phone', 'fax', 'officialEmail']],
    [
      'TB21-12',
      'online-public-services',
      ['sector', 'procedureComponents', 'partyResponsibilities', 'usesForms'],
    ],
    ['TB21-9.1.đ-2', 'qa', ['receivedDate', 'assignedUnit', 'generalInterest']],
    ['TB11-6.2.g', 'databases', ['permissionNumber', 'permissionDate', 'permissionFile']],
    ['TB11-6.2.e', 'qa', ['receivedDate', 'questionClass', 'replyMode']],
    ['TB11-12.1.d', 'socio-economic-indicators', ['period']],
    ['TB11-6.2.c', 'news-events', ['eventDate']],
    [
      'ST19-12.3',
      'statistics',
      ['data', 'statisticalReport', 'method', 'analysis', 'surveyTime', 'releaseDecisionDate'],
    ],
    ['ST19-28.5', 'event-images', ['image']],
    ['ST19-10', 'news-events', []],
  ];
  test.each(cases)('%s %s', (ref, id, fields) => {
    const required = category(ref, id).fields.filter((field) => field.required && !field.when);
    expect(required.map((field) => field.id)).toEqual(fields);
  });

  test('TB21-5.4 author and source, always', () => {
    const common = shipped('TB21').commonFields;
    expect(common.map((field) => [field.id, field.required, field.when])).toEqual([
      ['author', true, undefined],
      ['sourceOfficial', true, undefined],
    ]);
  });

  test('TB21-12 a service with forms is of level 2 at least', () => {
    const level = category('TB21-12', 'online-public-services').fields.find(
      (one) => one.id === 'serviceLevel',
    );
    expect(level).toMatchObject({ minimum: 2, required: true, when: { field: 'usesForms', value: true } });
  });

  test('ST19-10 what the regulation only points to is offered and says so', () => {
    const pointed = shipped('ST19').categories.filter((one) => one.byReference?.includes('Điều 10'));
    expect(pointed.map((one) => one.id)).toEqual([
      'introduction',
      'news-events',
      'direction-administration',
      'public-consultation',
      'contact-officials',
      'portal-contact',
    ]);
    for (const one of pointed) expect(one.fields.filter((field) => field.required)).toEqual([]);
  });
});

describe('who supplies what, and which portal', () => {
  test('TB11-12.1 the provincial office first, then what every unit supplies', () => {
    const ids = categoriesForUnit(shipped('TB11'), 'vpubnd').map((one) => one.id);
    expect(ids.slice(0, 6)).toEqual([
      'direction-administration',
      'news-events',
      'legal-documents',
      'administrative-procedures',
      'socio-economic-indicators',
      'other',
    ]);
    expect(categoriesForUnit(shipped('TB11'), 'stc').map((one) => one.id)).not.toContain(
      'socio-economic-indicators',
    );
  });

  test('TB21-11.1 online services are the board’s', () => {
    expect(categoriesForUnit(shipped('TB21'), 'bbt').map((one) => one.id)).toContain(
      'online-public-services',
    );
    expect(categoriesForUnit(shipped('TB21'), 'vanphong').map((one) => one.id)).not.toContain(
      'online-public-services',
    );
    expect(categoriesForUnit(shipped('TB21'), 'vanphong').map((one) => one.id)).toContain('news-events');
  });

  test('TB11-6.1.b a component portal is approved by the head of its unit', () => {
    expect(portalKindIds(shipped('TB11'))).toEqual(['main', 'component']);
    const component = forPortalKind(shipped('TB11'), 'component');
    expect(component).toMatchObject({
      portalKind: 'component',
      lastWord: { role: 'unit-head', explicit: false },
    });
    expect(forPortalKind(shipped('TB11'), 'nothing')).toBeUndefined();
  });

  test('ST19-13 a component portal has no foreign-language channel and no science programmes', () => {
    const component = forPortalKind(shipped('ST19'), 'component');
    const ids = component?.categories.map((one) => one.id);
    expect(ids).not.toContain('foreign-language');
    expect(ids).not.toContain('science-programmes');
    expect(component?.channels.map((one) => one.channel)).toEqual(['vi']);
    expect(shipped('ST19').channels.map((one) => one.channel)).toEqual(['vi', 'en']);
  });

  test.each(['TB21', 'TB11'])('%s knows no foreign language', (id) => {
    const { channels, chain, englishMinimum } = shipped(id);
    expect([channels.map((one) => one.channel), chain.en, englishMinimum]).toEqual([['vi'], [], []]);
  });
});

describe('the other provisions', () => {
  test('ST19-28.6 reports before 1 and 15 November', () => {
    const due = shipped('ST19').reports.filter((report) => report.due);
    expect(due.map(({ ref, due: day }) => [ref, day?.month, day?.day])).toEqual([
      ['ST19-28.6-1', 11, 1],
      ['ST19-28.6-2', 11, 15],
    ]);
  });

  test('TB11-9 the periods of the reports', () => {
    expect(shipped('TB11').reports.map(({ ref, periods }) => [ref, periods.join()])).toEqual([
      ['TB11-9.1', 'monthly,quarterly,annual'],
      ['TB11-9.2', 'quarterly,sixMonthly,annual'],
      ['TB11-9.3', 'quarterly,sixMonthly,annual'],
      ['TB11-15.4', ''],
    ]);
  });

  test('TB11-6.2.e questions and answers are kept 30 calendar days at least', () => {
    expect(shipped('TB11').retention).toMatchObject([
      { minimumDays: 30, dayType: 'calendar', event: 'reply-date', ref: 'TB11-6.2.e' },
    ]);
  });

  test('TB21-5.3 no complaints in questions and answers; TB21-5.2 secrecy', () => {
    const { restrictions, secrecy } = shipped('TB21');
    expect(restrictions.find((one) => one.ref === 'TB21-5.3')?.appliesTo).toBe('qa');
    expect(secrecy.ref).toBe('TB21-5.2');
  });

  test('TB21-QĐ.2 the day of signing is open: whoever founds an organisation on it says it', () => {
    expect(shipped('TB21')).toMatchObject({ number: null, issuedOn: null, validFrom: null });
  });

  test('ST19-QĐ.2 replaces the decision of 2010', () => {
    expect(shipped('ST19')).toMatchObject({ validFrom: '2019-05-02', validTo: null });
    expect(shipped('ST19').supersedes).toEqual([
      'Quyết định số 31/2010/QĐ-UBND ngày 10/12/2010 của UBND tỉnh Sóc Trăng',
    ]);
  });
});

describe('what stands between a text and the public', () => {
  const article = (id: string, categoryId: string, fields: Record<string, unknown>, roles: string[] = []) =>
    checkBeforeSubmit({
      profile: shipped(id),
      categoryId,
      language: 'vi',
      title: 'Tiêu đề',
      summary: 'Tóm tắt',
      body: [{ type: 'paragraph', runs: [{ text: 'Nội dung' }] }],
      fields: { author: 'Phòng A', sourceOfficial: 'Phòng A', ...fields },
      files: roles.map((role) => ({ name: 'tep.pdf', size: 1000, type: 'application/pdf', role })),
    })
      .filter((issue) => issue.severity === 'must')
      .map((issue) => `${issue.code} ${issue.fieldId} ${issue.ref}`);

  const permission = { permissionNumber: '12/QĐ-UBND', permissionDate: '2012-02-01' };
  const rows: [what: string, ReturnType<typeof article>, must: string[]][] = [
    [
      'TB21-6.4 a directive opinion comes with the issued document',
      article('TB21', 'direction-administration', { directiveOpinion: 'Yêu cầu các phòng' }),
      ['missing-file issuedDocument TB21-6.4'],
    ],
    [
      'TB21-6.4 with it',
      article('TB21', 'direction-administration', { directiveOpinion: 'Yêu cầu' }, ['issuedDocument']),
      [],
    ],
    ['TB21-6.3 news needs author and source only', article('TB21', 'news-events', {}), []],
    [
      'TB21-5.4 not without a source',
      article('TB21', 'news-events', { sourceOfficial: '' }),
      ['missing sourceOfficial TB21-5.4'],
    ],
    [
      'TB21-12 a service with forms of level 1',
      article(
        'TB21',
        'online-public-services',
        {
          sector: 'Việc làm',
          procedureComponents: 'Hồ sơ',
          partyResponsibilities: 'Phòng A',
          usesForms: true,
          serviceLevel: 1,
        },
        ['forms'],
      ),
      ['below-minimum serviceLevel TB21-12'],
    ],
    [
      'TB11-6.2.g a database needs the permission of the provincial committee',
      article('TB11', 'databases', {}),
      [
        'missing permissionNumber TB11-6.2.g',
        'missing permissionDate TB11-6.2.g',
        'missing-file permissionFile TB11-6.2.g',
      ],
    ],
    ['TB11-6.2.g with it', article('TB11', 'databases', permission, ['permissionFile']), []],
    [
      'TB11-12.2 a document of the committee says whether the portal is among its recipients',
      article('TB11', 'legal-documents', { ofCommittee: true }, ['documentFile']),
      ['missing recipientsIncludePortal TB11-12.2'],
    ],
    [
      'TB11-5.3 another document needs nothing of it',
      article('TB11', 'legal-documents', {}, ['documentFile']),
      [],
    ],
    [
      'TB11-6.2.e a special case says why',
      article('TB11', 'qa', { receivedDate: '2026-11-02', questionClass: 'special', replyMode: 'public' }),
      ['missing specialReason TB11-6.2.e'],
    ],
    [
      'ST19-20.1 a service is offered its fields and asked for none',
      article('ST19', 'online-public-services', {}),
      [],
    ],
    [
      'ST19-12.3 statistics without their method',
      article('ST19', 'statistics', { surveyTime: 'Quý III', releaseDecisionDate: '2026-11-02' }, [
        'data',
        'statisticalReport',
        'analysis',
      ]),
      ['missing method ST19-12.3'],
    ],
    [
      'ST19-28.5 images without an image',
      article('ST19', 'event-images', {}),
      ['missing-file image ST19-28.5'],
    ],
  ];
  test.each(rows)('%s', (_what, issues, must) => {
    expect(issues).toEqual(must);
  });
});
