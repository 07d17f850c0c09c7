import { categoriesForUnit, getProfile } from '../../../../domain/regulations/index.ts';
import type { World } from '../sync/world.ts';

/** Never of the unit whose desk is to stay next to empty. */
const UNITS = ['vpubnd', 'skhdt', 'stc', 'skhcn', 'sxd', 'stnmt', 'stp', 'snv', 'stttt', 'sldtbxh', 'sct'];
const STATES = [
  'submitted',
  'endorsed',
  'in-review',
  'returned',
  'published',
  'published',
  'published',
  'published',
];
const DAY_MS = 86_400_000;

/** Makes the articles of the world differ as they do in an organisation: states, units, sections, titles, and limits around today. */
export async function varyArticles(world: World, count: number): Promise<void> {
  const profile = getProfile('VP17');
  if (!profile) throw new Error('no VP17');
  const categories = categoriesForUnit(profile, 'sldtbxh').map((category) => category.id);
  const names = profile.categories.map((category) => category.name.vi);
  await world.query(
    `with numbered as (
       select organisation_id, id, substring(id from 7)::int n from articles where id like 'bench-%')
     update articles a set
       state = ($1::text[])[1 + n % array_length($1::text[], 1)],
       unit_id = ($2::text[])[1 + n % array_length($2::text[], 1)],
       category_id = ($3::text[])[1 + n % array_length($3::text[], 1)],
       title = ($4::text[])[1 + n % array_length($4::text[], 1)] || ', số ' || n || ' của năm nay',
       summary = 'Tóm tắt hai câu về việc ấy. Ai cần biết thì đọc tiếp ở dưới.',
       version = 1, contributors = '{}',
       submitted_at = $5::bigint - (n % 400) * $6::bigint,
       updated_at = $5::bigint - (n % 400) * $6::bigint - n,
       published_at = case when n % 8 >= 4 then $5::bigint - (n % 400) * $6::bigint end,
       public_path = case when n % 8 >= 4 then '/bai/' || a.id end,
       due = jsonb_build_object(
         'date', to_char(to_timestamp($5::bigint / 1000) + ((n % 60) - 30) * interval '1 day', 'YYYY-MM-DD'),
         'clause', 'Điều 7 khoản 4', 'ref', 'VP17-7.4', 'rule', 'VP17-7.4@1')
     from numbered where numbered.id = a.id and numbered.organisation_id = a.organisation_id and n < $7`,
    [STATES, UNITS, categories, names, Date.now(), DAY_MS, count],
  );
}
