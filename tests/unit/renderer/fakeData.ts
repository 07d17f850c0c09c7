import type { DecisionInfo, DeskRow } from '../../../domain/contracts/desk.ts';
import type { PersonInfo, UnitInfo } from '../../../domain/contracts/rows.ts';
import { type Block, createArticleDoc, fingerprint, readContent } from '../../../domain/document/index.ts';
import type { Role } from '../../../domain/people/roles.ts';
import type { ArticleState } from '../../../domain/regulations/index.ts';
import type { FakeArticle } from './fakeBridge.ts';

const unit = (id: string, vi: string, en: string, shortVi: string, categories: string[]): UnitInfo => ({
  id,
  name: { vi, en },
  shortName: { vi: shortVi, en: shortVi },
  categories,
});
export const sampleUnits: readonly UnitInfo[] = [
  unit('vpubnd', 'Văn phòng UBND tỉnh', 'Office of the provincial People’s Committee', 'Văn phòng', [
    'legal-documents',
    'direction-administration',
    'investment-incentives',
  ]),
  unit(
    'stnmt',
    'Sở Tài nguyên và Môi trường',
    'Department of Natural Resources and Environment',
    'Sở TN và MT',
    ['land-use-planning'],
  ),
  unit(
    'sldtbxh',
    'Sở Lao động - Thương binh và Xã hội',
    'Department of Labour, Invalids and Social Affairs',
    'Sở LĐ - TB và XH',
    ['labour-social-policy'],
  ),
  unit('stp', 'Sở Tư pháp', 'Department of Justice', 'Sở Tư pháp', ['justice-work']),
  unit('bbt', 'Ban Biên tập Cổng', 'Editorial board', 'Ban Biên tập', []),
];

const person = (id: string, vi: string, en: string, roles: Role[], unitId: string): PersonInfo => ({
  id,
  account: id,
  name: { vi, en },
  roles,
  unitId,
  active: true,
});
export const samplePeople: readonly PersonInfo[] = [
  person(
    'daumoi.vpubnd',
    'Cán bộ đầu mối, Văn phòng UBND tỉnh',
    'Liaison officer, Office',
    ['liaison'],
    'vpubnd',
  ),
  person('lanhdao.vpubnd', 'Chánh Văn phòng UBND tỉnh', 'Chief of Office', ['unit-head'], 'vpubnd'),
  person('bientap', 'Biên tập viên Cổng', 'Editor', ['editor'], 'bbt'),
  person('truongban', 'Trưởng Ban Biên tập', 'Editor-in-chief', ['editor-in-chief'], 'bbt'),
  person('dich', 'Người dịch', 'Translator', ['translator'], 'bbt'),
  person('quantri', 'Quản trị Cổng', 'Administrator', ['administrator'], 'bbt'),
];

const HOUR = 3_600_000;
const body = (ha: string, more: readonly Block[] = []): readonly Block[] => [
  { type: 'heading', level: 2, runs: [{ text: 'Ai được hỗ trợ' }] },
  {
    type: 'paragraph',
    runs: [
      {
        text: 'Người trong độ tuổi lao động, thường trú trên địa bàn tỉnh, có nhu cầu học nghề và đủ sức khỏe theo yêu cầu của nghề. Thứ tự ưu tiên:',
      },
    ],
  },
  {
    type: 'list',
    kind: 'bullet',
    items: [
      { runs: [{ text: 'người khuyết tật; người hưởng chính sách ưu đãi người có công với cách mạng;' }] },
      { runs: [{ text: 'người thuộc hộ nghèo, hộ cận nghèo;' }] },
      { runs: [{ text: 'người bị thu hồi đất nông nghiệp, lao động nữ bị mất việc làm.' }] },
    ],
  },
  { type: 'heading', level: 2, runs: [{ text: 'Mức hỗ trợ tối đa' }] },
  {
    type: 'table',
    rows: [
      ['Nhóm người học', 'Đào tạo, mỗi khóa', 'Ăn, mỗi ngày'],
      ['Người khuyết tật', '6.000.000', '30.000'],
      ['Hộ cận nghèo', '2.500.000', '30.000'],
    ].map((row, at) =>
      row.map((text) => ({
        blocks: [{ type: 'paragraph' as const, runs: [{ text }] }],
        ...(at === 0 ? { header: 'column' as const } : {}),
      })),
    ),
  },
  {
    type: 'paragraph',
    runs: [
      {
        text: `Năm 2027, toàn tỉnh dự kiến chuyển mục đích sử dụng ${ha} ha đất nông nghiệp sang đất phi nông nghiệp, `,
      },
      { text: 'trong đó đất khu công nghiệp là 386 ha', marks: ['bold'] },
      { text: '. Xem ' },
      { text: 'toàn văn', href: 'https://vanban.chinhphu.vn' },
      { text: '.' },
    ],
  },
  ...more,
];

const TITLES = [
  'Thời hạn giải quyết hồ sơ hưởng trợ cấp thất nghiệp là bao lâu?',
  'Kế hoạch sử dụng đất năm 2027 của tỉnh',
  'Chỉ số sản xuất công nghiệp tháng 8 và 8 tháng đầu năm 2026',
  'Mức hỗ trợ mới cho lao động nông thôn học nghề từ ngày 05/9/2026',
  'Hướng dẫn thực hiện chế độ an toàn, vệ sinh lao động trong doanh nghiệp nhỏ và vừa trên địa bàn tỉnh',
  'Cấp Phiếu lý lịch tư pháp: thay đổi thành phần hồ sơ từ ngày 15/9/2026',
  'Danh mục dự án mời gọi đầu tư vào các khu công nghiệp năm 2026',
  'Kết quả nghiệm thu đề tài trồng dược liệu dưới tán rừng',
  'Bảng giá taxi kèm lời quảng cáo của doanh nghiệp vận tải',
  'Lịch tiếp công dân của Lãnh đạo UBND tỉnh tháng 9/2026',
  'Lấy ý kiến dự thảo Quyết định về thu gom, vận chuyển và xử lý chất thải rắn sinh hoạt',
  'Điều kiện tự nhiên, lịch sử và danh thắng của tỉnh',
];
const STATES: readonly ArticleState[] = [
  'in-review',
  'in-review',
  'submitted',
  'draft',
  'returned',
  'endorsed',
  'submitted',
  'approved',
  'refused',
  'published',
  'published',
  'published',
];
const CATEGORIES = [
  'qa',
  'land-use-planning',
  'statistics',
  'legal-documents',
  'policy-law-dissemination',
  'administrative-procedures',
  'investment-incentives',
  'science-programmes',
  'other',
  'direction-administration',
  'public-consultation',
  'introduction',
];
const UNITS = [
  'sldtbxh',
  'stnmt',
  'stnmt',
  'vpubnd',
  'vpubnd',
  'stp',
  'vpubnd',
  'stp',
  'vpubnd',
  'vpubnd',
  'stnmt',
  'vpubnd',
];
const DUE = [-1, 0, 1, 4, 1, 2, 3, 9, null, null, null, null];
const SYNC = [
  'received',
  'waiting',
  'received',
  'local',
  'waiting',
  'waiting',
  'received',
  'received',
  'refused',
  'received',
  'received',
  'received',
] as const;

const nextOf = (state: ArticleState, channel: 'vi' | 'en'): Role[] =>
  ({
    draft: [channel === 'en' ? 'translator' : 'liaison'],
    returned: [channel === 'en' ? 'translator' : 'liaison'],
    submitted: [channel === 'en' ? 'editor' : 'unit-head'],
    endorsed: ['editor'],
    'in-review': ['editor-in-chief'],
    approved: [],
    published: [],
    refused: [],
    withdrawn: [],
    correcting: [channel === 'en' ? 'translator' : 'liaison'],
    archived: [],
  })[state] as Role[];

const dayIn = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

function row(index: number, me: PersonInfo, channel: 'vi' | 'en' = 'vi'): DeskRow {
  const at = index % TITLES.length;
  const state = STATES[at] ?? 'draft';
  const days = DUE[at] ?? null;
  const unitId = UNITS[at] ?? 'vpubnd';
  const nextRoles = nextOf(state, channel);
  const mine =
    nextRoles.some((role) => me.roles.includes(role)) && (me.unitId === unitId || me.unitId === 'bbt');
  return {
    id: `article-${index}`,
    unitId,
    channel,
    categoryId: CATEGORIES[at] ?? 'other',
    sourceArticleId: null,
    counterpartId: null,
    title: index < TITLES.length ? (TITLES[at] ?? '') : `${TITLES[at]} (${index})`,
    summary: '',
    state,
    version: state === 'draft' ? 0 : (at % 5) + 1,
    fingerprint: null,
    contributors: [],
    createdBy: 'daumoi.vpubnd',
    createdAt: Date.now() - 96 * HOUR,
    updatedAt: Date.now() - index * HOUR,
    submittedAt: null,
    publishedAt: null,
    publishedFingerprint: null,
    publicPath: state === 'published' ? `/vi/bai/${index}` : null,
    due:
      days === null
        ? null
        : { date: dayIn(days), clause: 'Điều 7 khoản 4', ref: 'VP17-7.4', rule: 'VP17-7.4@1' },
    reason:
      state === 'returned'
        ? 'Tổng ở Bảng 1 vẫn là 1.145 ha, trong bài đã sửa thành 1.154 ha. Đề nghị thống nhất theo Quyết định phê duyệt.'
        : null,
    projectedState: state,
    local: SYNC[at] === 'local',
    sync: SYNC[at] ?? 'received',
    syncAt: Date.now() - index * 1_800_000,
    savedAt: Date.now() - index * 1_800_000,
    pendingUpdates: 0,
    pendingDecisions: 0,
    pendingFiles: 0,
    problem: null,
    earlierApprovalId: at === 1 ? 'decision-approve' : null,
    nextRoles,
    nextUnitId: nextRoles.some((role) => role === 'liaison' || role === 'unit-head') ? unitId : null,
    mine,
    dueStatus:
      days === null
        ? { code: state === 'published' ? 'done' : 'none', workingDays: 0 }
        : { code: days < 0 ? 'late' : days === 0 ? 'today' : days <= 2 ? 'soon' : 'ok', workingDays: days },
  };
}

function decisions(of: DeskRow, print: string): DecisionInfo[] {
  const one = (
    id: string,
    action: DecisionInfo['action'],
    actor: number,
    hoursAgo: number,
    more: Partial<DecisionInfo> = {},
  ): DecisionInfo => ({
    id,
    action,
    actorId: samplePeople[actor]?.id ?? '',
    actorName: samplePeople[actor]?.name ?? { vi: '', en: '' },
    proposedAt: Date.now() - hoursAgo * HOUR,
    fingerprint: action === 'declare' ? null : print.replace(/^../, String(hoursAgo).padStart(2, '0')),
    reason: null,
    status: 'accepted',
    verdictCode: null,
    verdictRef: null,
    verdictAt: Date.now() - hoursAgo * HOUR + 60_000,
    stateAfter: null,
    version: 3,
    ...more,
  });
  if (of.local) return [];
  const all = [
    one('decision-declare', 'declare', 0, 60),
    one('decision-submit', 'submit', 0, 50),
    one('decision-endorse', 'endorse', 1, 45),
    one('decision-pass', 'pass', 2, 40),
  ];
  if (of.earlierApprovalId)
    all.push(
      one('decision-approve', 'approve', 3, 6, {
        status: 'refused',
        verdictCode: 'content-changed',
        verdictRef: 'VP17-3.4',
        version: 1,
      }),
    );
  if (of.projectedState === 'returned')
    all.push(one('decision-return', 'return', 2, 5, { reason: of.reason }));
  return all;
}

const FILES = {
  f1: {
    sha256: '9f2c71b0'.repeat(8),
    name: '31-2026-QD-UBND.pdf',
    size: 2_500_000,
    type: 'application/pdf',
    role: 'documentFile',
    label: '',
  },
  f2: {
    sha256: 'c41e08d3'.repeat(8),
    name: 'Phu-luc-muc-ho-tro-dao-tao-nghe.xlsx',
    size: 6_900_000,
    type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    role: 'attachment',
    label: 'Phụ lục',
  },
  f3: {
    sha256: 'aa1e08d3'.repeat(8),
    name: 'Mau-don-dang-ky-hoc-nghe.docx',
    size: 188_000,
    type: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    role: 'form',
    label: '',
  },
};

/** Articles for the person to look at: every state, long titles, one that was approved in an earlier version, one English. */
export function sampleArticles(me: PersonInfo, more: number): FakeArticle[] {
  const made = Array.from({ length: Math.max(TITLES.length, more) }, (_, index): FakeArticle => {
    const of = row(index, me);
    const small = index >= TITLES.length;
    const article = {
      clientId: index + 1,
      meta: { categoryId: of.categoryId, language: 'vi' as const },
      title: of.title,
      summary:
        'Người lao động nông thôn, người có công và người khuyết tật học nghề dưới 3 tháng được hỗ trợ chi phí đào tạo, tiền ăn và tiền đi lại theo Quyết định số 31/2026/QĐ-UBND.',
      ...(of.categoryId === 'legal-documents'
        ? {
            textFields: { issuingAuthority: 'UBND tỉnh', documentNumber: '31/2026/QĐ-UBND' },
            fields: { documentForm: 'decision', issueDate: '2026-08-21', effectiveDate: '2026-09-05' },
            files: FILES,
          }
        : {}),
    };
    const { doc } = createArticleDoc({
      ...article,
      body: small
        ? []
        : body('1.154', [
            {
              type: 'paragraph',
              runs: [
                {
                  text: 'Sở Tài nguyên và Môi trường tổng hợp, báo cáo UBND tỉnh kết quả thực hiện trước ngày 15 tháng 10 hằng năm.',
                },
              ],
            },
          ]),
      fields: { ...article.fields, ...(index === 1 ? { approvalDate: '2026-08-12' } : {}) },
    });
    const before =
      index === 1
        ? createArticleDoc({
            ...article,
            fields: { approvalDate: '2026-08-11' },
            body: body('1.145', [
              {
                type: 'paragraph',
                runs: [{ text: 'Ủy ban nhân dân cấp huyện báo cáo kết quả trước ngày 15 hằng tháng.' }],
              },
            ]),
          }).doc
        : undefined;
    return {
      row: of,
      doc,
      ...(before ? { before } : {}),
      detail: {
        decisions: decisions(of, small ? '0'.repeat(64) : fingerprint(readContent(doc))),
        files: [
          {
            sha256: FILES.f1.sha256,
            here: true,
            storedAt: of.local ? null : Date.now(),
            sentBytes: FILES.f1.size,
            size: FILES.f1.size,
          },
          { sha256: FILES.f2.sha256, here: true, storedAt: null, sentBytes: 4_300_000, size: FILES.f2.size },
          { sha256: FILES.f3.sha256, here: true, storedAt: null, sentBytes: 0, size: FILES.f3.size },
        ],
      },
    };
  });
  const source = made[11] as FakeArticle;
  const { doc } = createArticleDoc({
    clientId: 9_999,
    meta: { categoryId: 'introduction', language: 'en' },
    title: 'Nature, history and landmarks of the province',
    summary: 'An introduction to the province.',
    body: [
      { type: 'heading', level: 2, runs: [{ text: 'Who is supported' }] },
      { type: 'paragraph', runs: [{ text: 'People of working age who reside in the province.' }] },
    ],
  });
  made.push({
    row: {
      ...row(3, me, 'en'),
      id: 'article-en',
      channel: 'en',
      categoryId: 'introduction',
      sourceArticleId: source.row.id,
      counterpartId: source.row.id,
      title: 'Nature, history and landmarks of the province',
      due: null,
      dueStatus: { code: 'none', workingDays: 0 },
      local: true,
      sync: 'local',
    },
    doc,
    detail: { decisions: [], files: [] },
  });
  return made;
}
