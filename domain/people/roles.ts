/**
 * Roles of the people at a desk. A person may hold several. No regulation names a translator: the role
 * exists because English is obliged (VP17 Điều 4 khoản 15).
 *
 * - `liaison` cán bộ đầu mối (TB21 Điều 18 khoản 2)
 * - `unit-head` thủ trưởng phòng, đơn vị
 * - `editor` thành viên Ban Biên tập, tổ giúp việc (VP17 Điều 11 khoản 2)
 * - `editor-in-chief` Trưởng Ban Biên tập, the last word (TB21 Điều 8, VP17 Điều 11 khoản 3)
 * - `translator` biên dịch
 * - `administrator` quản trị Cổng (VP17 Điều 12); decides nothing about content
 */
export const ROLES = [
  'liaison',
  'unit-head',
  'editor',
  'editor-in-chief',
  'translator',
  'administrator',
] as const;

/** One of {@link ROLES}. */
export type Role = (typeof ROLES)[number];
