import type { PersonInfo } from '../../domain/contracts/index.ts';
import type { Portal } from '../context.ts';
import type { Html } from '../public/html.ts';
import { type Language, sentence } from '../public/sentences.ts';
import type { Organisation } from '../storage/organisations.ts';
import type { Form } from './form.ts';

/** A request of an administrator, with what pages are made of. */
export interface Visit {
  readonly portal: Portal;
  readonly organisation: Organisation;
  readonly person: PersonInfo;
  readonly language: Language;
  /** Path and query of this page. */
  readonly url: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly form: Form;
  /** What forms carry. */
  readonly token: string;
  /** The secret of the cookie. */
  readonly secret: string;
  readonly stylePath: string;
  /** Today in Viet Nam by the portal's clock. */
  readonly today: string;
}

export interface AdminPage {
  readonly title: string;
  /** Which entry of the navigation it belongs to. */
  readonly area: Area | null;
  readonly crumbs?: readonly { readonly name: string; readonly path: string }[];
  readonly main: Html;
}

/** Areas of administration, in the order of the navigation. */
export const AREAS = [
  'overview',
  'units',
  'people',
  'delegations',
  'profile',
  'calendar',
  'history',
] as const;
export type Area = (typeof AREAS)[number];

export const AREA_PATHS: Readonly<Record<Area, string>> = {
  overview: '/quan-tri',
  units: '/quan-tri/don-vi',
  people: '/quan-tri/nguoi-dung',
  delegations: '/quan-tri/uy-quyen',
  profile: '/quan-tri/quy-che',
  calendar: '/quan-tri/lich',
  history: '/quan-tri/lich-su',
};

/** A page, an address to go on to, or a file. */
export type Outcome =
  | { readonly page: AdminPage; readonly status?: number }
  | { readonly to: string }
  | { readonly file: string; readonly type: string; readonly name: string };

export type Handler = (visit: Visit) => Promise<Outcome>;

/** By which an area adds its pages. */
export interface Door {
  get(path: string, handle: Handler): void;
  /** A form; `limit` of its body in bytes. */
  post(path: string, handle: Handler, limit?: number): void;
}

/** A sentence of `admin.<language>.json`. */
export const t = (
  visit: Pick<Visit, 'language'>,
  key: string,
  values?: Record<string, string | number>,
): string => sentence(visit.language, `admin.${key}`, values);

/** To an address, with a word on what was done there. */
export const done = (path: string, what: string): Outcome => ({
  to: `${path}${path.includes('?') ? '&' : '?'}xong=${what}`,
});
